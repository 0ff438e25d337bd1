"""Do the chores of the house: set up, translate, build, check."""
