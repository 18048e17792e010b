"""Event logs for the tools of others: ``log`` reads, a module per format writes (``formats`` lists them)."""
