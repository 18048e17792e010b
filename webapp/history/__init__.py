"""What happened in a case, in words: for its own page, and for whoever replays it."""
