"""Deliberation in forms of its own: arguments, questions, drafts by paragraph, dots, meetings."""
