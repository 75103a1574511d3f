"""``ottermark review``."""

from __future__ import annotations

import getpass
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ottermark.cli.console import err_console, print_plain
from ottermark.cli.options import checked_marker, graded_argument
from ottermark.errors import UsageError
from ottermark.installation import PAGE_MODULES, require

if TYPE_CHECKING:
    from ottermark.review.server import Network, Server

PORT = 8770


@click.command()
@graded_argument
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help=f"The port of the page.  [default: {PORT}, or a free one if that is taken]",
)
@click.option("--no-open", is_flag=True, help="Do not open a browser.")
@click.option(
    "--marker",
    "markers",
    multiple=True,
    metavar="NAME",
    help="Who marks; can be given again, and each has an address of their own.  [default: you]",
)
@click.option(
    "--host",
    metavar="ADDRESS",
    help="Serve other machines, at this address of this one; needs --cert and --key.",
)
@click.option(
    "--cert",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The certificate of the address, in PEM form.",
)
@click.option(
    "--key", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Its key."
)
def review(
    out: Path,
    port: int | None,
    no_open: bool,
    markers: tuple[str, ...],
    host: str | None,
    cert: Path | None,
    key: Path | None,
) -> None:
    """Mark by hand, on a web page, what `ottermark grade` wrote to OUT.

    The page is served to this machine alone, at an address with a token in it that is printed for
    each marker. Marks are kept in OUT/marks.sqlite; grading again does not touch them, and may go on
    meanwhile. Stop with Ctrl-C.
    """
    require("class", PAGE_MODULES, "The page")
    from ottermark.marking.workspace import Workspace
    from ottermark.review.app import create_app
    from ottermark.review.server import network_of

    network = network_of(host, cert, key)
    names = tuple(dict.fromkeys(map(checked_marker, markers or [_user_name()])))
    with Workspace(out) as workspace:
        with err_console.status("grouping the answers"):
            workspace.prepare()
        server = _listen(port, network)
        try:
            access = server.access(names)
            addresses = [server.address(access, name) for name in names]
            for name, address in zip(names, addresses, strict=True):
                print_plain(f"{name}: {address}")
            if not no_open and network is None and len(names) == 1:
                webbrowser.open(addresses[0])
            server.run(create_app(workspace, access))
        finally:
            server.close()


def _listen(port: int | None, network: Network | None) -> Server:
    """Return a server at the port, or without one at the usual port or any that is free."""
    from ottermark.review.server import Server

    if port is not None:
        return Server(port, network)
    try:
        return Server(PORT, network)
    except UsageError:
        return Server(0, network)


def _user_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "marker"
