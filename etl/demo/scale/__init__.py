"""Sample data at the size of a city or of a state, drawn straight into the tables of the schema contract."""
