"""``ottermark review``."""

from __future__ import annotations

import getpass
import webbrowser
from pathlib import Path

import click

from ottermark.cli.console import print_plain
from ottermark.errors import UsageError

PORT = 8770


@click.command()
@click.argument("out", type=click.Path(path_type=Path, file_okay=False))
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
@click.option("--host", metavar="ADDRESS", help="Serve others, too, at this address; needs both:")
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
    server_module = _import_server()
    from ottermark.marking.workspace import Workspace
    from ottermark.review.app import create_app

    network = server_module.network_of(host, cert, key)
    names = _marker_names(markers)
    with Workspace(out) as workspace:
        workspace.prepare()
        server = _listen(server_module, port, network)
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


def _import_server():  # type: ignore[no-untyped-def]  # a module, which may lack its packages
    try:
        from ottermark.review import server
    except ImportError as error:
        raise UsageError(
            f"The page needs packages that are not installed ({error.name}); run "
            "pip install 'ottermark[class]'."
        ) from None
    return server


def _listen(server_module, port, network):  # type: ignore[no-untyped-def]
    try:
        return server_module.Server(PORT if port is None else port, network)
    except UsageError:
        if port is not None:
            raise
        return server_module.Server(0, network)


def _marker_names(markers: tuple[str, ...]) -> tuple[str, ...]:
    """Return who marks; raises ``UsageError`` if somebody cannot be called so."""
    from ottermark.review.access import MAX_NAME, is_marker_name

    names = tuple(dict.fromkeys(markers)) or (_user_name(),)
    for name in names:
        if not is_marker_name(name):
            raise UsageError(
                f'--marker "{name}" is no name; give one of at most {MAX_NAME} characters on one line.'
            )
    return names


def _user_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "marker"
