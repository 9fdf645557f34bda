"""Rows of the programs slice for the tests."""
