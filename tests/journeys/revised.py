"""An SOP in the middle of being revised: drafts, a trial, a review, cases judged and moved, suggestions."""

from __future__ import annotations

import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from engine.demo_paper import paper
from tests.engine.bpmn.test_losses import stripped
from tests.journeys.story import KADIN, KASUB, STAF, in_days, sign_in
from tests.journeys.visitor import Visitor

OWNER = "Pemilik SOP"
SOP = "/library/penyusunan-dokumen-indikator-kinerja"
_PATIENCE = 240  # looks, half a second apart


@dataclass(frozen=True, kw_only=True)
class Revised:
    """Where the pages are, by who looks at them."""

    draft: str  # one that can be submitted, with a rehearsal of it
    pages: dict[str, tuple[str, ...]]


def revise(site: str) -> Revised:
    """Revise the first SOP in every way; nothing here needs scripts."""
    owner, approver, staff = Visitor(site), Visitor(site), Visitor(site)
    suggest(staff)
    sign_in(owner, OWNER)
    sop = begin_draft(owner).partition("/drafts/")[0]
    before = decided(owner, approver, sop, "065/42/2026", ("P3D", "P6D"))
    in_force = decided(owner, approver, sop, "065/43/2026", ("P6D", "P2D"))
    draft, lossy, closed = (begin_draft(owner) for _ in range(3))
    upload(owner, draft, shorter(diagram(owner, draft), "PT1H", "PT2H"))
    upload(owner, lossy, stripped(diagram(owner, lossy)))
    owner.open(f"{closed}/discard")
    owner.press("Hapus draf")
    tried = on_trial(owner, sop)
    submitted, reviewed = under_review(owner)
    task = deciding(approver)
    moved = move_cases(owner, in_force)
    look_back(owner, draft)
    rehearse(owner, draft)
    answer(owner, sop)
    owners = (
        "/library",
        "/library/new",
        f"{sop}/draft?all",
        closed,
        submitted,
        f"{lossy}/upload",
        f"{lossy}/submission",
        f"{lossy}/difference",
        f"{lossy}/rehearsal",
        *(
            f"{draft}/{one}"
            for one in ("upload", "questions", "forms", "difference", "cases", "past", "submission")
        ),
        *(f"{draft}/{one}" for one in ("rehearsal", "rehearsal?anew=1", "discard")),
        f"{sop}/versions",
        f"{sop}/compare",
        f"{sop}/compare?old={number_of(before)}&new={number_of(in_force)}",
        f"{sop}/suggestions",
        f"{sop}/acknowledgements",
        reviewed,
        *(f"{reviewed}/{one}" for one in ("review", "withdrawal", "approval/proof", "diagram", "forms")),
        f"{sop}/versions/{tried}/review",
        f"{in_force}/review",
        f"{in_force}/cases",
        *moved,
    )
    approvers = (
        f"{reviewed}/review",
        f"{sop}/versions/{tried}/review",
        f"{in_force}/review",
        f"{before}/review",
        f"{before}/reinstatement",
        f"{sop}/cases/new?revision={tried}",
        task,
        f"{reviewed}/approval/proof?task={task.rpartition('/')[2]}",
    )
    staffs = ("/suggestions", f"{in_force}/reading", sop)
    return Revised(draft=draft, pages={OWNER: owners, KADIN: approvers, STAF: staffs})


def begin_draft(owner: Visitor) -> str:
    """Begin a draft of the first SOP, and give its address."""
    owner.open(f"{SOP}/draft?all")
    owner.press("Mulai revisi")
    return owner.address


def diagram(owner: Visitor, draft: str) -> bytes:
    """Take the diagram of a draft away."""
    owner.open(f"{draft}/diagram.bpmn")
    return owner.body


def shorter(content: bytes, old: str, new: str) -> bytes:
    """Give steps another standard time."""
    changed = content.replace(f'standardTime="{old}"'.encode(), f'standardTime="{new}"'.encode())
    assert changed != content
    return changed


def upload(owner: Visitor, draft: str, content: bytes, name: str = "ubahan.bpmn") -> None:
    """Let a file be the draft's diagram."""
    owner.open(f"{draft}/upload")
    owner.attach("Diagram atau paket", name, content)
    owner.press("Unggah dokumen ini")
    assert owner.sees("sekarang menjadi draf"), owner.text


def submit(owner: Visitor, draft: str, wanted: str = "") -> str:
    """Submit a draft, and give the number of the revision."""
    owner.open(f"{draft}/submission")
    if wanted:
        owner.tick("Diajukan untuk apa?", wanted)
    owner.press("Ajukan draf")
    return owner.read(r"menjadi Revisi (\d+)")


def number_of(version: str) -> str:
    """Give the number of a revision by its address."""
    return version.rpartition("/")[2]


def decided(owner: Visitor, approver: Visitor, sop: str, sop_number: str, times: tuple[str, str]) -> str:
    """Bring a revision with other standard times into force; gives its address."""
    draft = begin_draft(owner)
    upload(owner, draft, shorter(diagram(owner, draft), *times))
    number = submit(owner, draft)
    sign_in(approver, KADIN)
    approver.follow("Mereviu usulan revisi")
    approver.press("Setujui, lanjut ke Mengesahkan SOP")
    approver.fill("Nomor SOP", sop_number)
    approver.fill("Berlaku mulai", in_days(0))
    approver.attach("SOP bertanda tangan", "SOP.pdf", paper("SOP bertanda tangan"))
    approver.press("Sahkan SOP ini")
    come_upon(owner, f"{sop}/versions/{number}/review", sop_number)
    return f"{sop}/versions/{number}"


def on_trial(owner: Visitor, sop: str) -> str:
    """Let a revision be tried, by few and not for ever."""
    draft = begin_draft(owner)
    upload(owner, draft, shorter(diagram(owner, draft), "P2D", "P4D"))
    owner.open(f"{draft}/submission")
    owner.tick("Diajukan untuk apa?", "Uji coba")
    owner.press("Ajukan draf")
    assert owner.address.startswith(sop)
    return owner.read(r"menjadi Revisi (\d+)")


def under_review(owner: Visitor) -> tuple[str, str]:
    """Have a revision under review, with a comment that is settled and one that is not.

    Gives the address of the draft and that of the revision.
    """
    draft = begin_draft(owner)
    upload(owner, draft, shorter(diagram(owner, draft), "P2D", "P5D"))
    number = submit(owner, draft)
    for said in ("Apakah dua hari cukup?", "Formulirnya sudah benar."):
        owner.fill("Komentar", said)
        owner.press("Tambahkan komentar")
    owner.press("Tandai selesai")
    return draft, f"{draft.partition('/drafts/')[0]}/versions/{number}"


def deciding(approver: Visitor) -> str:
    """Open the task that decides on the revision under review; gives its address."""
    approver.open("/tasks")
    approver.follow("Mereviu usulan revisi")
    return approver.address.partition("?")[0]


def move_cases(owner: Visitor, in_force: str) -> tuple[str, ...]:
    """Judge the open cases, move them and take it back; gives the pages that tell of it."""
    owner.open(f"{in_force}/cases")
    owner.press("Periksa berkas terbuka")
    come_upon(owner, f"{in_force}/cases", "dapat dipindahkan")
    groups = tuple(owner.addresses(f"{urlsplit(in_force).path}/cases/")[:1])
    assert groups
    owner.fill("Alasan", "SOP baru berlaku")
    owner.press("Pindahkan berkas yang dipilih")
    there = owner.address
    come_upon(owner, there, "Hasilnya")
    owner.press("Batalkan pemindahan")
    back = owner.address
    come_upon(owner, back, "Hasilnya")
    return (*groups, there, back)


def look_back(owner: Visitor, draft: str) -> None:
    """Judge the open cases by a draft, and play the past through it."""
    owner.open(f"{draft}/cases")
    owner.press("Periksa berkas terbuka")
    come_upon(owner, f"{draft}/cases", "dapat dipindahkan")
    owner.open(f"{draft}/past")
    owner.press("Uji draf dengan berkas ini")
    come_upon(owner, f"{draft}/past", "Yang akan terjadi pada berkas")


def rehearse(owner: Visitor, draft: str) -> None:
    """Begin a rehearsal."""
    owner.open(f"{draft}/rehearsal")
    owner.press("Mulai percobaan")
    assert owner.heading.startswith("Percobaan"), owner.heading


def suggest(staff: Visitor) -> None:
    """Suggest two things from a task."""
    sign_in(staff, KASUB)
    staff.follow("Rapat pembahasan")
    for said in ("Undangan cukup lewat surel.", "Notulen perlu contoh."):
        staff.fill("Apa yang perlu diperbaiki pada langkah ini?", said)
        staff.press("Kirim usulan")


def answer(owner: Visitor, sop: str) -> None:
    """Answer one of the suggestions."""
    owner.open(f"{sop}/suggestions")
    owner.press("Terima")
    assert owner.sees("Undangan cukup lewat surel.")


def come_upon(visitor: Visitor, address: str, words: str) -> None:
    """Open a page again and again, as its own reloading would, until it says so."""
    for _ in range(_PATIENCE):
        visitor.open(address)
        if visitor.sees(words):
            return
        time.sleep(0.5)
    assert visitor.sees(words), visitor.text
