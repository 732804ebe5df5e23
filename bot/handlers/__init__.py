"""What the bot does with each kind of update: read it, ask the domain, hand the result to a renderer."""
