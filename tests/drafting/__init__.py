"""Tests of texts that are drafted together."""
