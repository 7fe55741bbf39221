"""What the city hands to others of its services."""
