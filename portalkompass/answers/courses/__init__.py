"""Courses over time: what every line by day, week or month shares."""
