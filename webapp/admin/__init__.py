"""People, roles and units of the office; what is vacant or orphaned."""
