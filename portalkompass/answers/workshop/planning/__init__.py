"""The year's plan of a scenario: what is entered for it, what it says, and the tables to fill."""
