"""What long tables have besides Streamlit's own: search, order and pages, and cells written once."""
