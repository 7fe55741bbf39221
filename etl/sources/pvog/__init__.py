"""Open-PVOG: which online services exist for the municipality."""
