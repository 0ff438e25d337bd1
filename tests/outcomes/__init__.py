"""Tests of what comes of a case."""
