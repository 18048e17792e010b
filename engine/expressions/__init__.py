"""Expressions of process owners: run in a sandbox with limits, never by Python."""
