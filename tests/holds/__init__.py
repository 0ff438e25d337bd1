"""Places that are held for people."""
