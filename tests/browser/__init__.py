"""Walks in a real browser through the site as it is served."""
