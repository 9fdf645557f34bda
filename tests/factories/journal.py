"""Rows of the journal slice for the tests."""
