"""What is to be done in an office under load: the ways of its cases, act by act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from engine.ids import new_id
from engine.model.event import EventKind


class Act(StrEnum):
    """What somebody sends; of tasks it is the end of the address."""

    START = "start"  # of a case, whose id is the attempt
    COMPLETE = "completion"
    RETURN = "return"
    AMEND = "amendment"
    MESSAGE = "message"  # by another program


LEAVES = {  # in the record, once
    Act.START: EventKind.CASE_STARTED,
    Act.COMPLETE: EventKind.TASK_COMPLETED,
    Act.RETURN: EventKind.TASK_RETURNED,
    Act.AMEND: EventKind.TASK_AMENDED,
    Act.MESSAGE: EventKind.MESSAGE_RECEIVED,
}


@dataclass(frozen=True, kw_only=True)
class Step:
    """One act on the way of a case, and on whose desk it belongs."""

    by: str
    act: Act
    element: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Errand:
    """An act that is sent until it is acknowledged, each time as the same attempt."""

    case: UUID
    step: Step
    address: str
    content: Mapping[str, Any]  # fields of a form, or a message
    rest: tuple[Step, ...] = ()  # of the way, once it is acknowledged
    attempt: UUID = field(default_factory=new_id)


ASKED = {"kegiatan": "Pelatihan", "biaya": "1.500", "rincian.0.barang": "Kertas", "rincian.0.jumlah": "2"}
_AMENDED = {**ASKED, "biaya": "1.750", "act:why": "Salah ketik"}
_CHECKED = Step(by="rina", act=Act.COMPLETE, element="memeriksa", fields={"keputusan": "Ya"})
_WRITTEN = Step(by="joko", act=Act.COMPLETE, element="menulis", fields={"alamat": "wati@example.go.id"})
_WEIGHED = Step(by="rina", act=Act.COMPLETE, element="menimbang")
_ANSWERED = Step(by="e-surat", act=Act.MESSAGE)


def _back(by: str, element: str, to: str) -> Step:
    reason = {"act:step": to, "act:why": "Belum lengkap"}
    return Step(by=by, act=Act.RETURN, element=element, fields=reason)


_STARTED = Step(by="joko", act=Act.START)
IZIN = (
    _STARTED,
    Step(by="joko", act=Act.COMPLETE, element="mengajukan", fields=ASKED),
    Step(by="joko", act=Act.AMEND, element="mengajukan", fields=_AMENDED),
    _CHECKED,
    _back("joko", "mengarsipkan", "memeriksa"),
    _CHECKED,
)
# The answer may come before the case waits for it, and beside the calls of its service tasks.
EDARAN = (_STARTED, _ANSWERED, _WRITTEN, _WEIGHED)
# The return takes away the jobs that still run, or comes after them; what it opens waits for an answer again.
EDARAN_BACK = (
    _STARTED,
    _ANSWERED,
    _WRITTEN,
    _back("rina", "menimbang", "menulis"),
    _ANSWERED,
    _WRITTEN,
    _WEIGHED,
)
WAYS = (("izin", IZIN), ("edaran", EDARAN), ("izin", IZIN), ("edaran", EDARAN_BACK))
LAST = {"izin": "mengarsipkan", "edaran": "menutup"}  # where the ways end
