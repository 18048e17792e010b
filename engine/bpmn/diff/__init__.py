"""What is different between two contents of an SOP: ``read_side`` each, then ``differences``.

Complete by construction: ``nodes`` compares everything a file says but its drawing, and ``aspects`` only
finds words for it; what has none is told by its path. ``places`` has what lanes and orders mean.
"""

from engine.bpmn.diff.comparing import differences, roles_of
from engine.bpmn.diff.reading_side import read_side
from engine.bpmn.diff.rows import with_rows_together
from engine.bpmn.diff.side import Side
from engine.bpmn.diff.work import time_of, work_by_role

__all__ = [
    "Side",
    "differences",
    "read_side",
    "roles_of",
    "time_of",
    "with_rows_together",
    "work_by_role",
]
