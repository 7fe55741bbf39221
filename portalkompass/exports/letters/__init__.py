"""Messages for people: the HTML of a letter, its plain text, and what a chat gets."""
