"""Decision tables (DMN): read from their files, checked, and decided by an interpreter of our own."""
