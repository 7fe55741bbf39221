"""Courses over time and two periods side by side: what every line by day, week or month, and every comparison shares."""
