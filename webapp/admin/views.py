"""The administrator's area: importing this gathers its routes."""

from webapp.admin import erasures, jobs, people, roles
from webapp.admin.area import blueprint

__all__ = ["blueprint", "erasures", "jobs", "people", "roles"]
