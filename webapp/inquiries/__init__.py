"""What auditors ask people of the office, and their answers."""
