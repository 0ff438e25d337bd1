"""Write a text together, paragraph by paragraph, and answer each comment on it."""
