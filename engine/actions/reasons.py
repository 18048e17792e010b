"""The reason somebody gives for an act; everybody who follows the case reads it."""

from __future__ import annotations

from engine.errors import Invalid, Problem, Sentence, say

LONGEST = 500  # characters
_OF_A_CASE = say("Write the reason; everybody who follows the case reads it.")


def must_have_reason(text: str, wanted: Sentence = _OF_A_CASE) -> str:
    """Give the reason on one line; Invalid where there is none, or more than fits."""
    reason = " ".join(text.split())
    if reason and len(reason) <= LONGEST:
        return reason
    sentence = too_long(reason, LONGEST) if reason else wanted
    raise Invalid((Problem(field="reason", label="Reason", sentence=sentence),))


def too_long(text: str, most: int) -> Sentence:
    """Say how much longer a text is than what fits."""
    return say("At most %(most)s characters fit here; this has %(found)s.", most=most, found=len(text))
