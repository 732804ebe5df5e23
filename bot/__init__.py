"""Wenxun on Telegram, on the terminal and in the local chat."""
