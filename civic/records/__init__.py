"""Own data: see what is stored, take it along, correct it, close the account."""
