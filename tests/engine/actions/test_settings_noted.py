"""The settings the program runs with are on record, once for each change, and no secret is."""

from __future__ import annotations

import json
from typing import Any

from pydantic import SecretStr

from engine.actions.settings_noted import note_settings
from tests.offices import Office, furnish
from webapp.settings import Settings

TOLD = {"port": "8000", "secret": "set"}


def noted(office: Office) -> list[dict[str, Any]]:
    events = [one for one in office.events(office.id) if one.kind == "settings.changed"]
    return [json.loads(one.payload or "{}") for one in events]


def test_a_first_start_notes_all_and_a_change_what_changed(office: Office) -> None:
    for told in (TOLD, TOLD, TOLD | {"port": "8080"}, {"secret": "set"}):
        note_settings(office.engine, "web", told)
    said = [(one["old"], one["new"]) for one in noted(office)]
    assert said == [({}, TOLD), ({"port": "8000"}, {"port": "8080"}), ({"port": "8080"}, {"port": None})]


def test_web_and_worker_are_noted_apart_and_each_office_has_its_own(office: Office) -> None:
    other = furnish(office.engine, office.clock, "lain")
    for process in ("web", "worker", "web"):
        note_settings(office.engine, process, TOLD)
    for one in (office, other):
        assert [said["process"] for said in noted(one)] == ["web", "worker"]


def test_no_secret_is_told() -> None:
    secret = "sangat-rahasia-1234567890-abcdefghij"
    settings = Settings(
        secret=SecretStr(secret),
        demo_password=SecretStr(secret),
        smtp_password=SecretStr(secret),
        database_url=f"postgresql+psycopg://alur:{secret}@db/alur",
        blobs_url=f"s3://key:{secret}@bucket",
        http_authorization={"api.example.go.id": SecretStr(secret)},
    )
    told = settings.told
    assert secret not in json.dumps(told)
    assert (told["secret"], told["database_url"]) == ("set", "postgresql+psycopg")
    assert told["http_authorization"] == "api.example.go.id"
    assert told.keys() == set(Settings.model_fields)
