"""Rows of the followup slice for the tests."""
