"""The invented portal that the sample data come from."""
