"""Tests of meetings in the hall."""
