"""Whether an activity begins with an active verb, as PermenPAN-RB 35/2012 asks of every row of an SOP.

A guess by spelling, which is why nothing is refused by it: Indonesian active verbs begin with *me-* or
*ber-*; for English there is a list.
"""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+")
# me- takes the shape of the sound behind it: membuat, menyusun, mengirim, menyampaikan, mereviu, melapor.
_ME = re.compile(
    r"mem[bfpvaeiou]\w+|men[cdjstzaeiou]\w+|men[gy]\w{2,}|me[lrwy][aeiou]\w+|memproses\w*", re.ASCII
)
_BER = re.compile(r"be[rl][a-z]{4,}|bekerja", re.ASCII)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NOUNS = _words(
    """
    memo memorandum memori mental mentah menteri menara menit menu mentor mereka merek meriah merah merdeka
    melati melayu meninggi meter menurut menjelang mengenai melalui mewah
    berita berkas bersama beras berat berbagai berdasarkan berikut bermacam belanja belum berkala
    """
)
_ENGLISH = _words(
    """
    accept acknowledge add adjust analyse analyze announce answer appoint approve archive arrange ask assess
    assign attach attend audit book bring budget calculate call cancel certify change check choose clarify
    classify clean close collate collect combine compare compile complete compose conduct confirm consult
    contact convene convey copy correct count create decide define deliver design determine develop discuss
    dispatch distribute divide document draft draw edit enter establish estimate evaluate examine execute
    explain file fill finalise finalize find fix follow formulate forward gather give handle hand hold
    identify implement improve inform inspect install instruct interview invite issue keep label lead list
    make manage match measure meet monitor name negotiate note notify number obtain open order organise
    organize pack pay perform place plan post prepare present print process produce propose provide publish
    purchase put raise rank read receive recommend record refuse register reject release remind remove repair
    repeat reply report request resolve respond return review revise save scan schedule seal select send set
    settle show sign sort specify stamp start state store study submit summarise summarize supervise supply
    survey take tell test track train transfer type update upload use validate verify visit weigh write
    """
)


def first_word(activity: str) -> str:
    """Give the first word of an activity, without numbers and signs before it; empty where there is none."""
    found = _WORD.search(activity)
    return "" if found is None else found[0]


def begins_actively(activity: str) -> bool:
    """Tell whether an activity seems to begin with an active verb, in Indonesian or English."""
    word = first_word(activity).lower()
    if word in _ENGLISH:
        return True
    return word not in _NOUNS and bool(_ME.fullmatch(word) or _BER.fullmatch(word))
