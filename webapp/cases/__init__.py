"""The cases: what runs, one case from its first step to its last, and its documents."""
