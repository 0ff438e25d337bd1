"""Compute the map of opinions from answers to statements (pure, numpy; docs/opinions.md).

Nothing here is imported before a map is computed: numpy takes a while to load.
"""
