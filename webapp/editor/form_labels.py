"""What the form editor says by itself, beside form-js's own words."""

from __future__ import annotations

from webapp.language import gettext


def labels() -> dict[str, str]:
    """Give the sentences by the names its script knows."""
    return {
        "canvas": gettext("Form"),
        "unsaved": gettext("Not saved yet."),
        "saving": gettext("Saving …"),
        "saved": gettext("The form was saved with the draft."),
        "failed": gettext(
            "Not saved. The connection is interrupted; what you changed is still on this screen."
        ),
        "signed_out": gettext(
            "Not saved. You need to sign in again; what you changed is still on this screen."
            " Download it first."
        ),
        "refused": gettext(
            "Not saved. The server refused it (error {status}); what you changed is still on this screen."
        ),
        "elsewhere": gettext("Not saved: {who} saved this form on {when}. Compare both below."),
        "own_window": gettext(
            "Not saved: you saved this form in another window of yours on {when}. Compare both below."
        ),
        "own_window_title": gettext("You saved this form in another window meanwhile"),
        "removed": gettext("This form was taken out of the draft."),
        "opened": gettext("This is the form as it was saved last."),
    }


def additions() -> list[tuple[str, str]]:
    """Name the properties that Alur reads beside form-js's own, as forms/README.md has them."""
    return [
        (
            "shared",
            gettext("The value is also kept under this name, and every field with the name starts from it."),
        ),
        (
            "prefill",
            gettext(
                "Starts as case.year, today, now, round, me, or the field of an earlier step:"
                " membuat_undangan.tempat."
            ),
        ),
        ("source", gettext("Choices come from the office: people, people:staf (of a role), units.")),
        ("assigns", gettext("The next task of this step goes to the person named in the field.")),
        ("document", gettext("The output of the step that the file fills.")),
        ("printedIn", gettext("Documents made from the form that show the field: Daftar hadir; Notulen.")),
        (
            "decision",
            gettext(
                "The choices are the buttons of a review; the first accepts. The value names the document."
            ),
        ),
        ("notes", gettext("true: the reviewer's notes, shown to whoever gets the work back.")),
        ("requiredIf", gettext("Required where another field has a value: keputusan=Tidak.")),
        ("numberIf", gettext("Must be a number where another field has a value: satuan=%.")),
        ("workday", gettext("true: the date must be a working day of the office.")),
        ("notBefore, notAfter", gettext("Another field, today, or arrival (the day the task came).")),
        ("plain", gettext("letter_number or signature: typed for now, and the page says so.")),
        ("example", gettext("Shown as the example while the field is empty.")),
    ]
