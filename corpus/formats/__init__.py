"""One reader a format: each turns a file into drafts of documents."""
