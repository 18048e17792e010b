"""Pure rules: standard library only, frozen values, no clock, no database."""
