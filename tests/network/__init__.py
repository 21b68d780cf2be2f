"""A bad network between the bot and a real homeserver: what should be said is said, in order, once, when it can be."""
