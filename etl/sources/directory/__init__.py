"""The city's own list of all services that it is responsible for."""
