"""What other programs ask of Alur: with a token instead of a session."""
