"""Tests of needs, resources and projects."""
