"""What a city publishes: exhibits as open data, a report as a static site, entries for open-data catalogues."""
