"""The list of OZG services with its dated states."""
