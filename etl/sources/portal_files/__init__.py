"""Files of portal statistics: CSV, TSV, XLSX."""
