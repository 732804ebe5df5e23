"""The history of the database's schema, run by `corpus.migrating`."""
