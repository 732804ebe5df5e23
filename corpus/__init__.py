"""The news: reading it from files, keeping it in the database, knowing what changed."""
