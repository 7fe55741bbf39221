"""Tables of several dimensions: dumps of the API, Looker Studio, add-ons."""
