"""What a server refuses to start with, and the secrets it makes for itself."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from webapp.settings import Settings, refusal


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, None),
        ({"host": "::1"}, None),
        ({"host": "localhost", "demo": True}, None),
        ({"host": "0.0.0.0"}, "Without TLS only loopback is served"),  # noqa: S104 - refused
        ({"host": "10.0.0.5", "behind_proxy": True}, "ALUR_ALLOWED_HOSTS"),
        ({"host": "10.0.0.5", "behind_proxy": True, "allowed_hosts": "alur.example.go.id"}, None),
        ({"host": "10.0.0.5", "demo": True}, "only on loopback"),
        ({"demo": True, "behind_proxy": True, "allowed_hosts": "alur.example.go.id"}, "only on loopback"),
    ],
)
def test_a_server_that_would_be_unsafe_does_not_start(
    tmp_path: Path, settings: dict[str, object], words: str | None
) -> None:
    said = refusal(Settings(data_dir=tmp_path, **settings))  # type: ignore[arg-type]
    assert said is None if words is None else words in str(said)


def test_the_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first, second = Settings(data_dir=tmp_path), Settings(data_dir=tmp_path)
    assert len(first.signing_key) > 40
    assert first.signing_key == second.signing_key
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600
    assert Settings(data_dir=tmp_path / "other").signing_key != first.signing_key


def test_a_secret_cut_off_by_a_crash_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "secret").touch()
    made = Settings(data_dir=tmp_path).signing_key
    assert len(made) > 40
    assert Settings(data_dir=tmp_path).signing_key == made
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


def test_of_several_processes_that_make_the_secret_one_wins(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: Settings(data_dir=tmp_path).signing_key, range(32)))
    assert set(made) == {(tmp_path / "secret").read_text()}


def test_a_short_secret_is_refused(tmp_path: Path) -> None:
    assert "too short" in str(refusal(Settings(data_dir=tmp_path, secret="rahasia")))
    (tmp_path / "secret").write_text("rahasia")
    assert str(tmp_path / "secret") in str(refusal(Settings(data_dir=tmp_path)))


def test_the_demo_password_is_random_per_data_folder(tmp_path: Path) -> None:
    kept = Settings(data_dir=tmp_path, demo=True).demo_key
    assert Settings(data_dir=tmp_path, demo=True).demo_key == kept
    assert Settings(data_dir=tmp_path, demo=True, demo_password="lain-lagi").demo_key == "lain-lagi"


def test_a_demo_answers_to_loopback_only(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, demo=True, allowed_hosts="alur.example.go.id")
    assert "alur.example.go.id" not in settings.trusted_hosts
