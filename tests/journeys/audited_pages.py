"""The pages of an audit by who looks at them: a new page of these areas is added here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from engine.model.event import EventKind
from tests.journeys.audited import (
    AUDITOR,
    LETTER,
    TOLD,
    Played,
    sign_in_by_password,
    sign_in_to_audit,
    write_a_finding,
)
from tests.journeys.story import KASUB
from tests.journeys.visitor import Visitor

OWNER, ADMINISTRATOR = "Pemilik SOP", "Administrator"
SOP = "penyusunan-dokumen-indikator-kinerja"


@dataclass(frozen=True, kw_only=True)
class Audited:
    """Where the pages are, by who looks at them."""

    sample: str
    pages: Mapping[str, tuple[str, ...]]


def audit(site: str, played: Played) -> Audited:
    """Audit the office in every way that has a page; nothing here needs scripts."""
    auditor, other, owner = Visitor(site), Visitor(site), Visitor(site)
    sign_in_to_audit(auditor)
    draft, delivered = (write_a_finding(auditor, played.number) for _ in range(2))
    sign_in_by_password(other, "tono")
    other.open(delivered)
    other.press("Saya sudah mereviunya")
    auditor.open(delivered)
    auditor.press("Sampaikan kepada kantor")
    owner.open("/sign-in")
    owner.press(OWNER)
    owner.open(delivered)
    owner.fill("Tanggapan kantor", "Setuju; formulir akan diubah.")
    owner.press("Catat tanggapan")
    sample = draw_a_sample(auditor)
    finished = finished_case(auditor)
    here, of_sop = played.address, f"sop={SOP}"
    auditors = (
        *(f"{here}?step={seq}" for kind in TOLD for seq in played.seqs[kind][:1]),
        f"{here}/form?step={played.seqs[EventKind.TASK_COMPLETED][0]}",
        f"{here}/check",
        f"{here}/bundle",
        "/audit/takeouts",
        f"{here}/inquiries?step=3",
        f"{here}/events/3",
        "/audit/compare",
        "/audit/inquiries",
        "/inquiries",
        f"/audit/compare?left={played.number}&right={played.number}&right_step=5",
        "/audit/cases?q=Izin",
        "/audit/cases?q=zzz",
        *(
            f"/audit/{one}"
            for one in (
                "completeness",
                "samples",
                "samples/new",
                "exports",
                "record",
                "record/erasures",
                "record/reads",
            )
        ),
        *(f"/audit/{one}" for one in ("findings", "findings/new", "day", "day?date=2020-01-01")),
        f"/audit/figures?{of_sop}",
        *(f"/audit/figures/{one}?{of_sop}" for one in ("ways", "rework", "evaluation", "deviations/late")),
        draft,
        f"{draft}/draft",
        delivered,
        sample,
    )
    letter = f"/admin/assignments/{_letter(site)}"
    questions = ask(site, auditor, f"{here}/inquiries?step=3")
    administrators = (
        "/admin/assignments",
        "/admin/assignments/new",
        letter,
        f"/admin/erasures/{finished}",
        f"/admin/erasures/{finished}?text=Kasub",
        f"/admin/erasures/{played.case.hex}",
        "/admin/erasures",
        "/admin/erasures?text=biaya",
    )
    pages = {
        AUDITOR: (*auditors, *questions),
        OWNER: ("/audit/findings", delivered),
        KASUB: ("/inquiries", *questions),
        ADMINISTRATOR: administrators,
    }
    return Audited(sample=sample, pages=pages)


def ask(site: str, auditor: Visitor, form: str) -> list[str]:
    """Ask somebody who was asked before; gives the addresses of all questions to them."""
    auditor.open(form)
    auditor.fill("Yang ditanya", f"{KASUB} (Kasub)")
    auditor.fill("Pertanyaan", "Siapa yang menghitung biaya?")
    auditor.press("Kirim pertanyaan")
    asked = Visitor(site)
    asked.open("/sign-in")
    asked.press(KASUB)
    asked.open("/inquiries")
    return sorted({urlsplit(one).path for one in asked.addresses("/inquiries/")})


def draw_a_sample(auditor: Visitor) -> str:
    """Draw a sample; gives its address."""
    auditor.open("/audit/samples/new")
    auditor.fill("Surat tugas", LETTER)
    auditor.fill("Judul", "Uji petik November")
    auditor.fill("Berapa berkas", "3")
    auditor.fill("Benih (boleh kosong)", "2026")
    auditor.press("Tarik sampel ini")
    return auditor.address


def finished_case(auditor: Visitor) -> str:
    """Find a case that has ended; gives its identity as hex."""
    auditor.open("/audit/cases?status=finished")
    return urlsplit(auditor.addresses("?step=1")[0]).path.rpartition("/")[2]


def _letter(site: str) -> str:
    """Find the letter of both auditors; gives its identity as hex."""
    administrator = Visitor(site)
    administrator.open("/sign-in")
    administrator.press(ADMINISTRATOR)
    administrator.open("/admin/assignments")
    administrator.follow(f"Surat tugas {LETTER}")
    return administrator.address.rpartition("/")[2]
