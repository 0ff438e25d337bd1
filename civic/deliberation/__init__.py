"""Deliberation in forms of its own: arguments for and against, questions, dots on walls."""
