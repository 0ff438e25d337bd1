"""The typed tree of places, the communities in it, and the posts there."""
