"""How much an expression may take."""

SECONDS = 0.5
MEGABYTES = 32
MAX_SOURCE = 20_000  # characters
