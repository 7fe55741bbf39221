"""Scenarios, decisions and votes."""
