"""The ways from a topic to a decision that is carried out: stages and moves as data."""
