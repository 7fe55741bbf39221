"""Cases of services by month and channel, from the exports of the departments' own systems."""
