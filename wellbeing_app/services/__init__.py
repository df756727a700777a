"""The verbs. Each takes a database session and an actor, never a web request."""
