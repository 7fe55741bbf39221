"""Google's bulk export from BigQuery."""
