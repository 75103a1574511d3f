"""The server of the page: on this machine alone, unless a certificate protects it."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from ottermark.errors import UsageError
from ottermark.review.access import Access

LOCAL = "127.0.0.1"


@dataclass(frozen=True)
class Network:
    """Where the page is to be reached from other machines.

    Attributes:
        host: this machine's address or name, as browsers will write it.
        certificate: a file in PEM form, with those that sign it.
        key: the file of its key.
    """

    host: str
    certificate: Path
    key: Path


class Server:
    """A server that listens, and answers once ``run`` is called.

    Args:
        port: 0 for any that is free.
        network: None for this machine alone.

    Raises:
        UsageError: the port is taken, or the address or the certificate cannot be used.
    """

    def __init__(self, port: int, network: Network | None = None) -> None:
        self._network = network
        if network is not None:
            _check_network(network)
        self._socket = _listen(LOCAL if network is None else network.host, port)
        self.port: int = self._socket.getsockname()[1]
        self._server: uvicorn.Server | None = None
        self._stopped = False

    def access(self, markers: Sequence[str]) -> Access:
        """Return who may use the page here."""
        names = (LOCAL, "localhost") if self._network is None else (self._network.host,)
        hosts = [f"{_in_address(name)}:{self.port}" for name in names]
        if self._network is not None and self.port == 443:
            hosts.append(_in_address(self._network.host))
        return Access(tuple(markers), tuple(hosts), secure=self._network is not None)

    def address(self, access: Access, marker: str) -> str:
        """Return the address that opens the page for a marker."""
        scheme = "https" if self._network is not None else "http"
        return f"{scheme}://{access.hosts[0]}/?token={access.token(marker)}"

    def run(self, app: ASGIApp) -> None:
        """Answer requests until ``stop``.

        Raises:
            KeyboardInterrupt: after Ctrl-C.
        """
        self._server = uvicorn.Server(self._config(app))
        self._server.run(sockets=[self._socket])
        if not self._stopped:  # uvicorn raises it most of the time
            raise KeyboardInterrupt

    def stop(self) -> None:
        """Let ``run``, in another thread, return."""
        self._stopped = True
        if self._server is not None:
            self._server.should_exit = True

    def close(self) -> None:
        """Listen no longer."""
        self._socket.close()

    def _config(self, app: ASGIApp) -> uvicorn.Config:
        return uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,  # its lines would hold tokens
            server_header=False,
            proxy_headers=False,
            ws="none",
            lifespan="off",
            timeout_graceful_shutdown=2,
            ssl_certfile=None if self._network is None else str(self._network.certificate),
            ssl_keyfile=None if self._network is None else str(self._network.key),
        )


def network_of(host: str | None, certificate: Path | None, key: Path | None) -> Network | None:
    """Return where the page is to be reached, None for this machine alone.

    Raises:
        UsageError: the three do not come together.
    """
    if host is None and certificate is None and key is None:
        return None
    if host is None or certificate is None or key is None:
        raise UsageError(
            "--host, --cert and --key go together: over a network, marks are sent only encrypted; "
            "give all three, or none to serve this machine alone."
        )
    return Network(host, certificate, key)


def _check_network(network: Network) -> None:
    try:
        address = ipaddress.ip_address(network.host)
    except ValueError:
        address = None
    if address is not None and address.is_unspecified:
        raise UsageError(
            f"--host {network.host} is no address that a browser can open; name the one by which "
            "others reach this machine."
        )
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(network.certificate, network.key)
    except (OSError, ssl.SSLError) as error:
        raise UsageError(
            f"{network.certificate} and {network.key} are no certificate with its key "
            f"({error.strerror or error}); name two files in PEM form with --cert and --key."
        ) from None


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        raise UsageError(
            f"--host {host} is not known here ({error.strerror}); name an address of this machine."
        ) from None
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise UsageError(
            f"The page cannot be served at {host}, port {port} ({error.strerror}); name another "
            "with --port, or leave it out for one that is free."
        ) from None
    return listening


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host.lower()
