"""What stands in a form and is not saved yet."""
