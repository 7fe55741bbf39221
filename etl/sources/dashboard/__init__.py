"""The federal dashboard: what it shows of the use of the city's services."""
