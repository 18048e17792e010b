"""The report's words: it is Indonesian whoever takes it, as all papers of the office are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from engine.model.document import DocumentState
from engine.model.event import EventKind
from engine.model.instance import InstanceStatus

_DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")

STATUS: Mapping[InstanceStatus, str] = MappingProxyType(
    {
        InstanceStatus.RUNNING: "Berjalan",
        InstanceStatus.FINISHED: "Selesai",
        InstanceStatus.CANCELLED: "Dibatalkan",
    }
)
STATES: Mapping[DocumentState, str] = MappingProxyType(
    {
        DocumentState.DRAFT: "Draf",
        DocumentState.APPROVED: "Diterima",
        DocumentState.RETURNED: "Dikembalikan",
        DocumentState.SIGNED: "Ditandatangani",
        DocumentState.WITHDRAWN: "Ditarik",
    }
)
_HAPPENED: Mapping[EventKind, str] = MappingProxyType(
    {
        EventKind.CASE_STARTED: "Berkas dimulai",
        EventKind.CASE_FINISHED: "Berkas selesai",
        EventKind.CASE_CANCELLED: "Berkas dibatalkan",
        EventKind.CASE_ADVANCED: "Berkas berlanjut",
        EventKind.CASE_MOVED: "Dipindahkan ke revisi lain dari SOP",
        EventKind.MOVE_UNDONE: "Pemindahan ke revisi lain dibatalkan",
        EventKind.TASK_OPENED: "Tugas dibuka",
        EventKind.TASK_COMPLETED: "Tugas selesai",
        EventKind.TASK_CANCELLED: "Tugas tidak diperlukan lagi",
        EventKind.TASK_AMENDED: "Isian dikoreksi sesudahnya",
        EventKind.TASK_RETURNED: "Berkas dikembalikan, di luar alur SOP",
        EventKind.TASK_CLAIMED: "Tugas diambil",
        EventKind.TASK_RELEASED: "Tugas dikembalikan ke jabatan",
        EventKind.TASK_ASSIGNED: "Tugas diserahkan",
        EventKind.TASK_TAKEN_BACK: "Tugas diambil kembali",
        EventKind.TASK_PREPARATION_ASKED: "Seseorang diminta menyiapkan",
        EventKind.TASK_PREPARATION_ENDED: "Penyiapan diakhiri",
        EventKind.CLOCK_PAUSED: "Waktu dihentikan",
        EventKind.CLOCK_RESUMED: "Waktu berjalan lagi",
        EventKind.DRAFT_SAVED: "Draf disimpan",
        EventKind.COMPLETION_WITHDRAWN: "Penyelesaian ditarik kembali",
        EventKind.DATA_ERASED: "Data pribadi dihapus menurut hukum",
        EventKind.DOCUMENT_ADDED: "Dokumen ditambahkan",
        EventKind.COMMENT_ADDED: "Komentar",
        EventKind.TIMER_FIRED: "Waktu yang ditetapkan tiba",
        EventKind.JOB_QUEUED: "Sistem lain diminta",
        EventKind.JOB_TRIED: "Percobaan ke sistem lain gagal",
        EventKind.JOB_DONE: "Sistem lain menjawab",
        EventKind.JOB_GIVEN_UP: "Permintaan ke sistem lain dihentikan",
        EventKind.JOB_RETRIED: "Permintaan ke sistem lain diulang",
        EventKind.MESSAGE_RECEIVED: "Pesan masuk",
        EventKind.MESSAGE_UNDELIVERED: "Pesan tidak diambil siapa pun",
        EventKind.ATTEMPT_REFUSED: "Upaya ditolak",
        EventKind.INCIDENT_OPENED: "Terhenti oleh masalah",
        EventKind.INCIDENT_RETRIED: "Dicoba lagi setelah masalah",
        EventKind.INCIDENT_CORRECTED: "Nilai diperbaiki",
        EventKind.INCIDENT_SOLVED: "Masalah selesai",
    }
)


def happened(kind: EventKind) -> str:
    """Say what happened; a kind that has no words yet is named as the record names it."""
    return _HAPPENED.get(kind, kind.value)


def moment(at: datetime) -> str:
    """Write an instant of the office's zone: Senin, 23-11-2026 pukul 09.00.00 WIB."""
    return f"{_DAYS[at.weekday()]}, {at:%d-%m-%Y} pukul {at:%H.%M.%S} {at.tzname() or ''}".strip()
