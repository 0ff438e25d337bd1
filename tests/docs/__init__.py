"""The documents are true: written from the code, or run."""
