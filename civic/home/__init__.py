"""Pages that show several domains: the front page and the home of a community."""
