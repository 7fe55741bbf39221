"""Tables and forms that several people fill at once."""
