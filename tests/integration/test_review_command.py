"""``ottermark review`` as it is started: its addresses, its end, and what a sudden end loses: nothing."""

from __future__ import annotations

import re
import shutil
import signal
import ssl
import subprocess
import threading
from pathlib import Path

import httpx
import pytest
from conftest import ottermark
from marked_class import small_class
from review_server import Client, path_of, started

from ottermark.marking.workspace import Workspace
from ottermark.review.app import create_app
from ottermark.review.server import Network, Server

OPENSSL = shutil.which("openssl")


def sign_in(address: str) -> Client:
    origin = address.partition("/?")[0]
    http = httpx.Client(base_url=origin, timeout=30, trust_env=False)
    assert http.get(address).status_code == 200
    return Client(http, origin)


def test_what_was_shown_as_saved_outlives_a_kill(tmp_path: Path) -> None:
    marked = small_class(tmp_path / "out", 24)
    shown = {}
    with started(marked.out, "--marker", "Ann Ó", "--marker", "bob") as (process, addresses):
        assert list(addresses) == ["Ann Ó", "bob"]
        assert all(a.startswith("http://127.0.0.1:") for a in addresses.values())
        ann = sign_in(addresses["Ann Ó"])
        page = ann.get("/question/q2/next")
        for _ in range(3):
            key = path_of(page).rpartition("/")[2]
            page = ann.fill(page, path_of(page), item="right", action="next")
            if "Saved:" in page.text:
                shown[key] = "Ann Ó"
        process.send_signal(signal.SIGKILL)
        process.wait(20)
    assert len(shown) == 3
    with Workspace(marked.out) as workspace:
        for group in workspace.groups("q2"):
            for name in group.members:
                assert workspace.mark_of(name, "q2").marker == shown.get(group.key, "")


def test_it_ends_with_ctrl_c(tmp_path: Path) -> None:
    marked = small_class(tmp_path / "out", 3)
    with started(marked.out) as (process, addresses):
        (address,) = addresses.values()
        sign_in(address)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
        assert process.returncode == 130
        assert "Traceback" not in errors and "token=" not in errors


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--host", "example.org"], "--host, --cert and --key go together"),
        (["--cert", "x.pem"], "--host, --cert and --key go together"),
        (["--marker", ""], "--marker"),
        (["--marker", "a\nb"], "--marker"),
        (["--host", "127.0.0.1", "--cert", "x.pem", "--key", "x.pem"], "x.pem"),
    ],
)
def test_wrong_use_is_said_in_a_sentence(tmp_path: Path, options: list[str], message: str) -> None:
    small_class(tmp_path / "out", 2)
    ran = ottermark("review", tmp_path / "out", "--no-open", *options)
    assert ran.code == 2
    assert message in ran.err and ran.err.count("\n") == 1


def test_a_folder_without_grades_is_refused(tmp_path: Path) -> None:
    ran = ottermark("review", tmp_path, "--no-open")
    assert ran.code == 2
    assert str(tmp_path) in ran.err


@pytest.mark.skipif(OPENSSL is None, reason="no openssl here: apt-get install openssl")
def test_over_a_network_all_is_encrypted(tmp_path: Path) -> None:
    marked = small_class(tmp_path / "out", 3)
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *(
                "-nodes",
                "-keyout",
                key,
                "-out",
                certificate,
                "-days",
                "2",
                "-subj",
                "/CN=localhost",
            ),
            *("-addext", "subjectAltName=DNS:localhost"),
        ],
        check=True,
        capture_output=True,
    )
    with Workspace(marked.out) as workspace:
        server = Server(0, Network("localhost", certificate, key))
        access = server.access(["ann"])
        thread = threading.Thread(target=server.run, args=(create_app(workspace, access),))
        thread.start()
        try:
            address = server.address(access, "ann")
            assert re.match(r"https://localhost:\d+/\?token=", address)
            trusted = ssl.create_default_context(cafile=str(certificate))
            with httpx.Client(verify=trusted, trust_env=False, timeout=20) as http:
                answer = http.get(address)
                cookie = answer.headers["set-cookie"]
                assert "Secure" in cookie and cookie.startswith("__Host-")
                assert http.get(address.partition("?")[0]).status_code == 200
                other = http.get(
                    address.partition("?")[0], headers={"host": f"127.0.0.1:{server.port}"}
                )
                assert other.status_code == 403
            with pytest.raises(httpx.TransportError):
                httpx.get(f"http://localhost:{server.port}/", trust_env=False)
        finally:
            server.stop()
            thread.join(10)
            server.close()
