"""A workshop from the button to its minutes: what is proposed, what its steps lack, what is written down."""
