"""Tasks: the inbox, and the page on which one is done."""
