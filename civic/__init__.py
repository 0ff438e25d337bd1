"""Civic: a neighbourhood decides things together, in order, and can prove that it did."""

__version__ = "0.1.0"
