"""Open cases when an SOP is revised: what it means for them, moving them, taking that back."""
