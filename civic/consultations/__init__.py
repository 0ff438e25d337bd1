"""Consultations: a case from its question to the result, with statements and comments."""
