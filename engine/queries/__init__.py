"""Reads: one SELECT shaped for the page that shows it, loaded through the actor."""
