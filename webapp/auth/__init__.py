"""Sign in and out, one's own account, and the language of the pages."""
