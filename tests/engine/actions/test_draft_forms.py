"""Forms of a draft: added, copied, renamed with their steps, taken away; nothing is overwritten."""

from __future__ import annotations

import json
from uuid import UUID

import pytest

from engine.actions.draft_forms import NewForm, add_form, remove_form, rename_form
from engine.actions.process_drafts import DraftMoved, start_draft
from engine.bpmn.step_forms import step_forms
from engine.errors import Conflict, Invalid, NotFound
from engine.ids import new_id
from engine.model.process_draft import ProcessDraft
from engine.queries.draft_forms import draft_form, draft_forms
from tests.offices import Office


@pytest.fixture
def draft(office: Office) -> UUID:
    return start_draft(office.engine, office.people["putu"], "izin", 1, new_id())


def named(draft: ProcessDraft) -> dict[str, str]:
    return {one.element: one.form_key for one in step_forms(draft.bpmn.encode())}


def add(office: Office, draft: UUID, key: str = "", **about: str) -> str:
    return add_form(office.engine, office.people["putu"], draft, 1, NewForm(key=key, **about))


def now(office: Office, draft: UUID) -> ProcessDraft:
    return draft_forms(office.engine, office.people["putu"], "izin", draft).draft


def test_a_new_form_is_empty_and_readable_and_a_step_may_name_it(office: Office, draft: UUID) -> None:
    assert add(office, draft, title="Pemeriksaan kedua", step="memeriksa") == "pemeriksaan_kedua"
    saved, form = draft_form(office.engine, office.people["putu"], "izin", draft, "pemeriksaan_kedua")
    assert (saved.revision, named(saved)["memeriksa"]) == (2, "pemeriksaan_kedua")
    assert (form.findings, [one.element for one in form.steps]) == ((), ["memeriksa"])
    assert (form.title, form.is_empty, json.loads(form.text)["components"]) == ("Pemeriksaan kedua", True, [])


def test_the_key_that_a_title_gives_is_free(office: Office, draft: UUID) -> None:
    assert add(office, draft, title="Mengajukan") == "mengajukan_2"


def test_forms_are_listed_by_their_titles(office: Office, draft: UUID) -> None:
    add(office, draft, key="aaa", title="Zakat")
    titles = [form.title for form in draft_forms(office.engine, office.people["putu"], "izin", draft).forms]
    assert titles == sorted(titles, key=str.casefold)
    assert titles[-1] == "Zakat"


def test_a_copy_says_what_the_other_says(office: Office, draft: UUID) -> None:
    add(office, draft, "salinan", copy_of="mengajukan")
    saved = now(office, draft)
    assert saved.forms["salinan"] == saved.forms["mengajukan"]
    assert named(saved)["mengajukan"] == "mengajukan"


def test_a_form_is_renamed_with_the_steps_that_name_it(office: Office, draft: UUID) -> None:
    putu = office.people["putu"]
    saved = rename_form(office.engine, putu, draft, 1, "mengajukan", "permohonan")
    assert named(saved)["mengajukan"] == "permohonan"
    assert "mengajukan" not in saved.forms
    page = draft_forms(office.engine, putu, "izin", draft)
    assert [one.element for form in page.forms for one in form.steps if form.key == "permohonan"] == [
        "mengajukan"
    ]


def test_what_is_removed_is_named_by_no_step(office: Office, draft: UUID) -> None:
    putu = office.people["putu"]
    saved = remove_form(office.engine, putu, draft, 1, "mengajukan")
    assert named(saved)["mengajukan"] == ""
    page = draft_forms(office.engine, putu, "izin", draft)
    assert "mengajukan" in [one.element for one in page.without]


def test_keys_are_names_and_taken_once(office: Office, draft: UUID) -> None:
    putu = office.people["putu"]
    for key in ("", "mengajukan", "../etc", "a b", "x" * 200):
        with pytest.raises(Invalid):
            add(office, draft, key)
    with pytest.raises(Invalid):
        rename_form(office.engine, putu, draft, 1, "mengajukan", "memeriksa")


def test_what_somebody_else_saved_meanwhile_is_not_overwritten(office: Office, draft: UUID) -> None:
    add(office, draft, "baru")
    with pytest.raises(DraftMoved):
        remove_form(office.engine, office.people["putu"], draft, 1, "baru")


def test_others_than_owners_find_nothing(office: Office, draft: UUID) -> None:
    for name in ("joko", "lina", "agus", "dewi", "tono"):
        actor = office.people[name]
        for act in (
            lambda actor=actor: add_form(office.engine, actor, draft, 1, NewForm(key="baru")),
            lambda actor=actor: rename_form(office.engine, actor, draft, 1, "mengajukan", "baru"),
            lambda actor=actor: remove_form(office.engine, actor, draft, 1, "mengajukan"),
            lambda actor=actor: draft_forms(office.engine, actor, "izin", draft),
        ):
            with pytest.raises(NotFound):
                act()


def test_what_is_not_there_is_not_found(office: Office, draft: UUID) -> None:
    putu = office.people["putu"]
    with pytest.raises(NotFound):
        rename_form(office.engine, putu, draft, 1, "lain", "baru")
    with pytest.raises(NotFound):
        remove_form(office.engine, putu, draft, 1, "lain")
    with pytest.raises(NotFound):
        add(office, draft, "baru", copy_of="lain")
    with pytest.raises((NotFound, Conflict)):
        draft_form(office.engine, putu, "lain", draft, "mengajukan")
