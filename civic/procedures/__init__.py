"""Procedures: the rules of participation as data, their versions, and what they come to."""
