"""The sample plugins as others get them: built, installed, tested, put beside a running site."""
