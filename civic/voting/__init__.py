"""Ballots: who may vote, the box that holds one vote each, and the result."""
