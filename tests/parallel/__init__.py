"""Tests that let many requests meet at one moment."""
