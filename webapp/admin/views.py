"""The administrator's area: importing this gathers its routes."""

from webapp.admin import people, roles
from webapp.admin.area import blueprint

__all__ = ["blueprint", "people", "roles"]
