"""Who may use the marking page: tokens, host names, origins, cookies, and the headers of each answer."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

pytest.importorskip("starlette")
from starlette.responses import PlainTextResponse

from ottermark.errors import UsageError
from ottermark.marking.marker_names import is_marker_name
from ottermark.review.access import MAX_BODY, POLICY, Access, Guard
from ottermark.review.server import Server, network_of

HOST = "127.0.0.1:8770"
ACCESS = Access(("ann", "bob"), (HOST, "localhost:8770"), secret=b"s" * 32)
ANN = {"cookie": f"{ACCESS.cookie}={ACCESS.session('ann')}"}
OWN = {"origin": f"http://{HOST}"}


async def greet(scope: Any, receive: Any, send: Any) -> None:
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            answer = PlainTextResponse("gone", 413)
            break
        body += message.get("body", b"")
        if not message.get("more_body"):
            answer = PlainTextResponse(f"hello {scope['state']['marker']} {len(body)}")
            break
    await answer(scope, receive, send)


def ask(
    method: str = "GET",
    *,
    path: str = "/",
    query: str = "",
    access: Any = ACCESS,
    host: Any = HOST,
    chunks: Any = (b"",),
    **headers: str,
) -> tuple[int, dict[str, str], str]:
    """Send a request; return the status, the headers and the text of the answer."""
    fields = [
        (name.lower().replace("_", "-").encode(), value.encode()) for name, value in headers.items()
    ]
    if host is not None:
        fields.append((b"host", host.encode("latin-1")))
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "headers": fields,
        "scheme": "http",
    }
    sent: list[dict[str, Any]] = []
    parts = list(chunks)

    async def receive() -> dict[str, Any]:
        body = parts.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(parts)}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(Guard(greet, access)(scope, receive, send))
    head = {name.decode(): value.decode("latin-1") for name, value in sent[0]["headers"]}
    return sent[0]["status"], head, b"".join(m.get("body", b"") for m in sent[1:]).decode()


def test_without_a_session_nothing_is_shown() -> None:
    status, _, text = ask()
    assert status == 403
    assert "ottermark review" in text


def test_the_token_of_a_marker_sets_a_cookie_that_stands_for_them() -> None:
    status, headers, text = ask(query=f"token={ACCESS.token('bob')}&show=all")
    assert status == 200
    assert 'content="0;url=/?show=all"' in text  # not a redirect, and without the token
    cookie = headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie
    assert ACCESS.token("bob") not in cookie
    assert ask(cookie=cookie.partition(";")[0])[2] == "hello bob 0"


@pytest.mark.parametrize(
    "token",
    ["", "x", ACCESS.session("ann"), ACCESS.csrf("ann"), ACCESS.token("ann")[:-1], "\u00e9" * 64],
)
def test_another_token_opens_nothing(token: str) -> None:
    assert ask(query=f"token={token}", **ANN)[0] == 403


@pytest.mark.parametrize(
    "cookie",
    [
        "",
        "x",
        f"{ACCESS.cookie}=",
        f"{ACCESS.cookie}={ACCESS.token('ann')}",
        f"{ACCESS.cookie}={Access(('ann',), (HOST,), secret=b'earlier').session('ann')}",  # of an earlier start
        f"other={ACCESS.session('ann')}",
        f"{ACCESS.cookie}=\u00ff;;=;\\",
    ],
)
def test_another_cookie_opens_nothing(cookie: str) -> None:
    assert ask(cookie=cookie)[0] == 403


def test_a_cookie_that_a_neighbour_set_does_not_lock_out() -> None:
    cookie = f"{ACCESS.cookie}=forged; {ANN['cookie']}"
    assert ask(cookie=cookie)[2] == "hello ann 0"


@pytest.mark.parametrize(
    "host",
    [
        None,
        "",
        "evil.example",
        "evil.example:8770",
        "127.0.0.1",
        "127.0.0.1:80",
        "127.0.0.1.evil.example:8770",
        "localhost:8770.evil.example",
        f"{HOST}@evil.example",
        f"evil.example@{HOST}",
    ],
)
def test_a_foreign_host_name_reaches_nothing(host: str | None) -> None:
    """A foreign name that resolves to this machine is how pages elsewhere would reach it."""
    assert ask(host=host, **ANN)[0] == 403
    assert ask(host=host, query=f"token={ACCESS.token('ann')}")[0] == 403


def test_two_host_names_reach_nothing() -> None:
    assert ask(Host="evil.example", **ANN)[0] == 403


def test_its_own_names_are_let_in() -> None:
    for host in (HOST, "localhost:8770", "LOCALHOST:8770"):
        assert ask(host=host, **ANN)[0] == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null"},
        {"origin": "http://evil.example"},
        {"origin": f"https://{HOST}"},
        {"origin": f"http://{HOST}.evil.example"},
        {"origin": f"http://{HOST}", "Origin": "http://evil.example"},
        {**OWN, "sec_fetch_site": "cross-site"},
        {**OWN, "sec_fetch_site": "same-site"},
    ],
)
def test_a_change_from_elsewhere_is_refused(headers: dict[str, str]) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
        assert ask(method, **ANN, **headers)[0] == 403


def test_a_change_from_the_page_is_let_in() -> None:
    assert ask("POST", **ANN, **OWN, sec_fetch_site="same-origin")[2] == "hello ann 0"


def test_a_change_needs_a_session_too() -> None:
    assert ask("POST", **OWN)[0] == 403
    assert ask("POST", query=f"token={ACCESS.token('ann')}", **OWN)[0] == 403


def test_a_form_belongs_to_one_marker_and_one_start() -> None:
    assert ACCESS.is_form_of("ann", ACCESS.csrf("ann"))
    for csrf in ("", "\u00e9", ACCESS.csrf("bob"), ACCESS.session("ann"), ACCESS.token("ann")):
        assert not ACCESS.is_form_of("ann", csrf)
    assert not Access(("ann",), (HOST,)).is_form_of("ann", ACCESS.csrf("ann"))


@pytest.mark.parametrize("length", [str(MAX_BODY + 1), "9" * 30, "-1", "x"])
def test_a_request_that_says_it_is_too_large_is_refused(length: str) -> None:
    assert ask("POST", **ANN, **OWN, content_length=length)[0] == 413


def test_a_request_that_does_not_say_so_is_ended() -> None:
    chunks = (b"x" * (MAX_BODY // 2),) * 3
    assert ask("POST", chunks=chunks, **ANN, **OWN)[0] == 413


@pytest.mark.parametrize(
    "answer",
    [ask(**ANN), ask(), ask(host="evil.example"), ask(query=f"token={ACCESS.token('ann')}")],
)
def test_every_answer_protects_itself(answer: tuple[int, dict[str, str], str]) -> None:
    _, headers, _ = answer
    assert headers["content-security-policy"] == POLICY
    assert "unsafe" not in POLICY and "default-src 'none'" in POLICY and "data:" not in POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "same-origin"


def test_an_address_cannot_lead_elsewhere_after_signing_in() -> None:
    for path in ("//evil.example", "/\\evil.example", "///evil.example"):
        text = ask(path=path, query=f"token={ACCESS.token('ann')}")[2]
        assert 'url=/evil.example"' in text
    text = ask(path='/"><script>', query=f"token={ACCESS.token('ann')}")[2]
    assert "<script>" not in text


def test_over_a_network_the_cookie_stays_encrypted() -> None:
    access = Access(("ann",), ("marks.example:443",), secure=True)
    _, headers, _ = ask(
        query=f"token={access.token('ann')}", access=access, host="marks.example:443"
    )
    assert headers["set-cookie"].startswith("__Host-") and "Secure" in headers["set-cookie"]
    assert access.origins == {"https://marks.example:443"}


def test_web_sockets_are_not_answered() -> None:
    sent: list[Any] = []

    async def never() -> Any:
        raise AssertionError

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(Guard(greet, ACCESS)({"type": "websocket"}, never, send))
    assert sent == []


def test_secrets_are_not_in_what_is_printed() -> None:
    assert ACCESS.secret.hex() not in repr(ACCESS) and "sss" not in repr(ACCESS)


@pytest.mark.parametrize(
    ("name", "good"), [("Ann Ó", True), ("a", True), ("", False), (" a", False)]
)
def test_names_of_markers(name: str, good: bool) -> None:
    assert is_marker_name(name) is good
    assert not is_marker_name(f"{name}\nx") and not is_marker_name("x" * 61)


def test_the_options_of_a_network_go_together(tmp_path: Any) -> None:
    assert network_of(None, None, None) is None
    for options in (("h", None, None), (None, tmp_path, None), ("h", tmp_path, None)):
        with pytest.raises(UsageError, match="go together"):
            network_of(*options)


def test_it_serves_this_machine_alone() -> None:
    server = Server(0)
    try:
        assert server._socket.getsockname()[0] == "127.0.0.1"
        access = server.access(["ann"])
        assert access.hosts == (f"127.0.0.1:{server.port}", f"localhost:{server.port}")
        assert server.address(access, "ann").startswith(f"http://127.0.0.1:{server.port}/?token=")
    finally:
        server.close()


def test_a_certificate_that_is_none_is_refused(tmp_path: Any) -> None:
    file = tmp_path / "x.pem"
    file.write_text("x")
    for host in ("0.0.0.0", "::", "127.0.0.1"):
        with pytest.raises(UsageError, match=r"--host|--cert"):
            Server(0, network_of(host, file, file))


def test_a_port_that_is_taken_is_refused() -> None:
    server = Server(0)
    try:
        with pytest.raises(UsageError, match="--port"):
            Server(server.port)
    finally:
        server.close()
