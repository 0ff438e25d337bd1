"""Meet in the hall: who speaks next, what is moved, what is written down."""
