"""What is taken from a request, and what is not."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

from tests.live import Server
from tests.webapp.visitors import Site
from tests.webapp.world import facts_of

_HOST = "Host: localhost\r\n"
# What no browser sends; the server must not even hand it on.
NONSENSE = (
    f"GET /{'a' * 9000} HTTP/1.1\r\n{_HOST}\r\n",
    f"GET / HTTP/1.1\r\n{_HOST}Cookie: {'a' * 20_000}\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: local\0host\r\n\r\n",
    f"GET / HTTP/1.1\r\n{_HOST}X: a\0b\r\n\r\n",
    f"POST /sign-in HTTP/1.1\r\n{_HOST}Content-Length: -1\r\n\r\n",
    f"POST /sign-in HTTP/1.1\r\n{_HOST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    f"POST /sign-in HTTP/1.1\r\n{_HOST}Content-Type: multipart/form-data\r\nContent-Length: 0\r\n\r\n",
    "GET http://example.com/ HTTP/1.1\r\nHost: example.com\r\n\r\n",
    f"GET //example.com HTTP/1.1\r\n{_HOST}\r\n",
    "\r\n\r\n\r\nnonsense\r\n\r\n",
)


def test_strangers_can_send_no_more_than_a_sign_in_needs(site: Site) -> None:
    long = "a" * 20_000
    answer = site.visitor().post("/sign-in", account="joko", password="b", next=long)
    assert answer.status_code == 413
    assert "Isian terlalu besar" in answer.text
    task = f"/tasks/{facts_of(site.office)['task']}"
    assert site.visitor("joko").post(f"{task}/draft", kegiatan=long).status_code == 303


def test_a_number_no_database_holds_leads_nowhere(site: Site) -> None:
    case, joko = f"/cases/{facts_of(site.office)['case']}", site.visitor("joko")
    assert joko.get(f"{case}/documents/{'9' * 30}").status_code == 404
    assert joko.get(f"{case}/history?before={'9' * 30}").status_code == 200


def test_bytes_that_nobody_types_are_left_out(site: Site) -> None:
    dewi = site.visitor("dewi")
    dewi.post("/admin/units", name="Bidang\0 SMP")
    assert "Bidang SMP" in dewi.get("/admin/units").text


def test_a_form_for_another_server_is_refused_in_words(site: Site) -> None:
    answer = site.visitor("joko").client.post("/tasks", base_url="http://example.com")
    assert (answer.status_code, answer.text) == (400, "Server ini tidak melayani nama itu.\n")


def test_a_line_break_in_a_button_stays_in_the_address(site: Site) -> None:
    task = f"/tasks/{facts_of(site.office)['task']}"
    answer = site.visitor("joko").post(f"{task}/draft", **{f"unstage:a\r\nX: 1:{'0' * 32}": "1"})
    assert answer.status_code == 303
    assert answer.location == f"{task}#a%0D%0AX%3A%201"


def test_the_server_itself_answers_nonsense_with_4xx(server: Server) -> None:
    place = urlsplit(server.address)
    for sent in NONSENSE:
        with socket.create_connection((place.hostname or "", place.port or 0), timeout=60) as connection:
            connection.sendall(sent.encode())
            answer = connection.recv(64)
        assert answer.startswith((b"HTTP/1.1 4", b"HTTP/1.0 4")), (sent[:80], answer)
