"""Keeping the corpus from the chat: what administrators and editors do, and who may."""
