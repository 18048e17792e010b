"""What is taken for an active verb, and what is not."""

from __future__ import annotations

import pytest

from engine.model.active_verb import begins_actively, first_word


@pytest.mark.parametrize(
    "activity",
    [
        "Menyusun dokumen", "Membuat draft", "Mereviu draft", "Melaporkan hasil", "Mengarsipkan",
        "Menerima berkas", "Memeriksa", "Menandatangani", "Mewakili kepala dinas", "Meyakinkan", "Memproses",
        "Berkoordinasi dengan bidang",
        "Bekerja sama dengan bidang", "1. Menyampaikan format", "Review the draft", "prepare a letter",
    ],
)  # fmt: skip
def test_an_active_verb_may_begin(activity: str) -> None:
    assert begins_actively(activity)


@pytest.mark.parametrize(
    "activity",
    [
        "Rapat pembahasan", "Penandatanganan dokumen", "Disposisi", "Ditandatangani", "Staf membuat surat",
        "Memo dinas", "Berita acara", "Berkas masuk", "Menteri", "Meja", "The letter", "", "123",
    ],
)  # fmt: skip
def test_nouns_passives_and_subjects_are_none(activity: str) -> None:
    assert not begins_actively(activity)


def test_the_first_word_is_that_without_numbers() -> None:
    assert (first_word("  3) Membuat draft"), first_word("–")) == ("Membuat", "")
