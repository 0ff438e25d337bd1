"""What the stack can do at best: the smallest servers that do a comparable piece of work."""
