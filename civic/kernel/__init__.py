"""Machinery under all domains; it knows none of them."""
