"""Rows of the library slice for the tests."""
