"""What comes of a case: resolution, execution, rating."""
