"""Who may use the page: a token for each marker, and requests that only the page itself can send.

Every request is checked before any view runs. The name in ``Host`` has to be ours, so that a foreign name
that resolves to this machine reaches nothing (DNS rebinding). A session begins with the token in the
address that the command prints; from then on a cookie stands for it that scripts cannot read and other
sites cannot send. What changes something needs, besides, our own ``Origin`` and a token of the form.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode

from markupsafe import Markup
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 6_000_000  # bytes of one request
SAFE_METHODS = frozenset(("GET", "HEAD"))
# nothing inline, nothing from elsewhere, and no page around this one
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
_FORBIDDEN = (
    "This page needs the address that `ottermark review` printed, with the token in it. Open that "
    "address, or start the command again."
)
_SIGNED_IN = Markup(
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Signed in</title>'
    '<meta http-equiv="refresh" content="0;url={target}">'
    '<main><h1>Signed in</h1><p><a href="{target}">Go on to the page</a></p></main></html>'
)


@dataclass(frozen=True)
class Access:
    """Who may use the page, and where it is served.

    Attributes:
        markers: the names of those who mark.
        hosts: what ``Host`` may say, with the port, as a browser writes it.
        secure: whether it is served over TLS.
        secret: what tokens are derived from; another one with each start of the server.
    """

    markers: tuple[str, ...]
    hosts: tuple[str, ...]
    secure: bool = False
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    @property
    def cookie(self) -> str:
        """The name of the cookie; browsers share cookies between the ports of a host."""
        if self.secure:
            return "__Host-ottermark"
        return f"ottermark-{self.hosts[0].rpartition(':')[2]}"

    @property
    def origins(self) -> frozenset[str]:
        """What ``Origin`` may say."""
        scheme = "https" if self.secure else "http"
        return frozenset(f"{scheme}://{host}" for host in self.hosts)

    def token(self, marker: str) -> str:
        """Return the token that opens the page for a marker."""
        return self._derive("token", marker)

    def session(self, marker: str) -> str:
        """Return what the cookie of a marker holds."""
        return self._derive("session", marker)

    def csrf(self, marker: str) -> str:
        """Return what the forms of a marker hold."""
        return self._derive("form", marker)

    def marker_of_token(self, token: str) -> str | None:
        """Return whose token it is; None if it is nobody's."""
        return self._marker(token, {self.token(name): name for name in self.markers})

    def marker_of_session(self, session: str) -> str | None:
        """Return whose session it is; None if it is nobody's."""
        return self._marker(session, {self.session(name): name for name in self.markers})

    def is_form_of(self, marker: str, csrf: str) -> bool:
        """Tell whether a form was made for this marker."""
        return hmac.compare_digest(csrf.encode(), self.csrf(marker).encode())

    def _marker(self, value: str, names: Mapping[str, str]) -> str | None:
        # all are compared, so that time tells nothing
        matching = [
            name
            for secret, name in names.items()
            if hmac.compare_digest(value.encode("utf-8", "replace"), secret.encode())
        ]
        return matching[0] if matching else None

    def _derive(self, purpose: str, marker: str) -> str:
        message = f"{purpose}\0{marker}".encode()
        return hmac.new(self.secret, message, hashlib.sha256).hexdigest()


class Guard:
    """Lets a request through to the page if it may have it, and adds the headers that protect it.

    The name of the marker is ``scope["state"]["marker"]`` for the views.
    """

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app = app
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return  # there are no web sockets here

        async def send_protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        answer = self._refusal(scope) or self._sign_in(scope) or self._without_session(scope)
        if answer is None:
            await self._app(scope, _bounded(receive), send_protected)
        else:
            await answer(scope, receive, send_protected)

    def _refusal(self, scope: Scope) -> Response | None:
        """Return why a request does not come from the page itself, if it does not."""
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0].lower() not in self._access.hosts:
            return _forbidden("This host name is not the page's own.")
        if scope["method"] in SAFE_METHODS:
            return None
        if headers.getlist("origin") not in [[origin] for origin in self._access.origins]:
            return _forbidden("This request does not come from the page itself.")
        if headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return _forbidden("This request does not come from the page itself.")
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > MAX_BODY:
            return PlainTextResponse("The request is too large.", 413)
        return None

    def _sign_in(self, scope: Scope) -> Response | None:
        """Return a page that sets the cookie, if the address holds a token."""
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        tokens = [value for name, value in query if name == "token"]
        if not tokens or scope["method"] != "GET":
            return None
        marker = self._access.marker_of_token(tokens[0])
        if marker is None:
            return _forbidden(_FORBIDDEN)
        rest = urlencode([(name, value) for name, value in query if name != "token"])
        path = "/" + scope["path"].lstrip("/\\")
        # not a redirect: a cookie for this site alone would not be sent after one from elsewhere
        target = f"{path}?{rest}" if rest else path
        answer = HTMLResponse(_SIGNED_IN.format(target=target))
        answer.set_cookie(
            self._access.cookie,
            self._access.session(marker),
            httponly=True,
            samesite="strict",
            secure=self._access.secure,
        )
        return answer

    def _without_session(self, scope: Scope) -> Response | None:
        """Note whose session it is; return a refusal if it is nobody's."""
        for session in _cookies(Headers(scope=scope).getlist("cookie"), self._access.cookie):
            if marker := self._access.marker_of_session(session):
                scope.setdefault("state", {})["marker"] = marker
                return None
        return _forbidden(_FORBIDDEN)


def _cookies(headers: Iterable[str], name: str) -> list[str]:
    """Return the values of a cookie; several, if a neighbouring host has set one of that name."""
    values = []
    for header in headers:
        for part in header.split(";"):
            try:
                cookie = SimpleCookie(part.strip())
            except CookieError:
                continue
            if name in cookie:
                values.append(cookie[name].value)
    return values


def _forbidden(sentence: str) -> Response:
    return PlainTextResponse(f"{sentence}\n", 403)


def _bounded(receive: Receive) -> Receive:
    """Return a ``receive`` that ends a request whose body is too large, whatever its length says."""
    size = 0

    async def receive_bounded() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        return {"type": "http.disconnect"} if size > MAX_BODY else message

    return receive_bounded
