"""Revising an SOP: drafts, their editor, and how a version comes into force."""
