"""Courses over time, and two periods side by side: what every line and every comparison shares."""
