"""The administrator's area: importing this gathers its routes."""

from webapp.admin import jobs, people, roles
from webapp.admin.area import blueprint

__all__ = ["blueprint", "jobs", "people", "roles"]
