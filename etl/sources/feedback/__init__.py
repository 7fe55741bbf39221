"""What people thought of a service: stars and words from the exports of a feedback form."""
