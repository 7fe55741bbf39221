"""What others offer for the services of the city."""
