"""Cases that correct what was wrong; the original always stays."""
