"""What all tables share that tell something of services, month by month or as a list."""
