"""From records to what Telegram shows: pure functions, no network and no clock."""
