"""Rows of the post slice for the tests."""
