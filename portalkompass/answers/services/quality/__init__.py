"""How good a service is by the points of the service standard, as its own team says."""
