"""Coded decisions to hide a text, the author's objection, and the answer to it."""
