"""The administrator's area: importing this gathers its routes."""

from webapp.admin import assignments, erasures, jobs, office_erasures, people, roles
from webapp.admin.area import blueprint

__all__ = ["assignments", "blueprint", "erasures", "jobs", "office_erasures", "people", "roles"]
