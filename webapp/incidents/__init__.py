"""What stands still: seen with its data, tried again, corrected for a reason."""
