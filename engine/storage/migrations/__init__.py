"""Alembic's migrations: expand only within a major version."""
