"""A browser without a network: requests made ready beforehand, handed to the WSGI application and timed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING, Any

from werkzeug.test import Client, EnvironBuilder

from benchmarks.office import Office
from engine.actions.passwords import new_token
from engine.storage import sessions
from webapp import logs
from webapp.app import create_app
from webapp.settings import Settings

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_FILE_FIELD = re.compile(r'<input[^>]* type="file"[^>]* name="([^"]+)"')
_HOST = "localhost"
_BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW"
Answer = tuple[str, str]  # status line and page


def application(office: Office) -> Flask:
    """Make the application on an office's engine; it logs what a demo does: nothing, while all goes well."""
    logs.configure("warning")
    return create_app(office.engine, Settings(data_dir=office.folder))


class Browser:
    """Somebody who is signed in from now on."""

    def __init__(self, app: Flask, office: Office, account: str) -> None:
        """Begin a session without the sign-in page, whose password check is meant to be slow."""
        person = office.actors[account].person
        assert person is not None
        token, digest = new_token()
        now = office.clock.now()
        with office.engine.store.transaction() as connection:
            sessions.add_session(connection, digest, person, now, now + timedelta(days=7))
        self._app = app
        self._client = Client(app)
        self._client.set_cookie("alur", token, domain=_HOST)

    def get(self, address: str) -> TestResponse:
        """Open a page, untimed."""
        page = self._client.get(address)
        assert page.status_code == HTTPStatus.OK, (page.status_code, address)
        return page

    def reading(self, address: str) -> dict[str, Any]:
        """Make the request for a page ready."""
        return self._ready(EnvironBuilder(address, method="GET"))

    def sending(
        self, address: str, fields: Mapping[str, Sequence[str]], page: TestResponse
    ) -> dict[str, Any]:
        """Make a form of the page ready, as a browser sends it."""
        found = _TOKEN.search(page.text)
        assert found is not None
        form = page.text.partition('id="task-form"')[2].partition("</form>")[0]
        sent = {"csrf_token": [found.group(1)], **fields}
        builder = EnvironBuilder(
            address,
            method="POST",
            input_stream=BytesIO(_multipart(sent, _FILE_FIELD.findall(form))),
            content_type=f"multipart/form-data; boundary={_BOUNDARY}",
            base_url=f"http://{_HOST}",
        )
        return self._ready(builder)

    def _ready(self, builder: EnvironBuilder) -> dict[str, Any]:
        cookies = [self._client.get_cookie(name, domain=_HOST) for name in ("alur", "alur-form")]
        builder.headers["Cookie"] = "; ".join(f"{one.key}={one.value}" for one in cookies if one)
        environ = builder.get_environ()
        builder.close()
        return dict(environ)


def _multipart(fields: Mapping[str, Sequence[str]], files: Sequence[str]) -> bytes:
    """Write a form as Chromium does: a part per field, and an empty one per file that was not chosen."""
    start = f"--{_BOUNDARY}\r\nContent-Disposition: form-data; name="
    parts = [f'{start}"{name}"\r\n\r\n{text}\r\n' for name, texts in fields.items() for text in texts]
    kind = "Content-Type: application/octet-stream"
    parts += [f'{start}"{name}"; filename=""\r\n{kind}\r\n\r\n\r\n' for name in files]
    return f"{''.join(parts)}--{_BOUNDARY}--\r\n".encode()


def answer(app: Flask, environ: dict[str, Any]) -> Answer:
    """Answer one request to the last byte; this is what is measured."""
    status: list[str] = []

    def start(line: str, _headers: object, _error: object = None) -> Any:  # noqa: ANN401 - WSGI's write()
        status.append(line)

    body: Iterable[bytes] = app.wsgi_app(environ, start)
    text = b"".join(body).decode()
    close = getattr(body, "close", None)
    if close:
        close()
    return status[0], text
