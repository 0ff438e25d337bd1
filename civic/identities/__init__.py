"""People: how they join and sign in, what standing they have, which posts they hold."""
