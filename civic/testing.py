"""Fixtures for tests of Civic and of its plugins."""
