"""What happened, for whoever asks nobody: cases replayed, the record checked, figures, evidence."""
