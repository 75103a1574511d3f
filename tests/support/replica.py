"""Gradescope's container, imitated on this machine: build an image, grade submissions in it.

    python tests/support/replica.py [--suite jammy] [--tier 0.5] SUBMISSION...

debootstrap makes a minimal root file system; ``/autograder`` is laid out in it as Gradescope does,
and ``setup.sh`` of the upload is run once. Each submission then gets a fresh layer over that image
and runs as Gradescope's harness has it: ``run_autograder`` in ``/autograder``, as a root that has no
more rights than Docker gives, in its own processes, behind the limits of a container size, until the
time is over. What it prints is captured, and of results.json is believed what Gradescope would
believe. Differences that are known: the kernel is this machine's, bubblewrap sets no_new_privs, and
the network is this machine's own.

Needs Linux, root, and Debian's debootstrap and bubblewrap. Base systems and images stay in
``build/replica`` of the project, so that only the first run takes minutes.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cgroups import CGROUPS, Group
from run_as_user import CAPABILITIES

from ottermark.limits import MiB
from ottermark.results.document import ResultDocument
from ottermark.sandbox.disk import remove

PROJECT = Path(__file__).parents[2]
STORE = PROJECT / "build" / "replica"
UPLOAD = PROJECT / "autograder" / "autograder.zip"
SUITES = {"bookworm": "Debian 12", "jammy": "Ubuntu 22.04"}
CUT = 100_000  # characters of a field that Gradescope keeps
TIME_LIMIT = 600.0
_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_THEIR_CERTIFICATES = "/run/certificates.crt"
_FROM_HERE = ("PIP_", "UV_", "http_proxy", "https_proxy", "no_proxy")  # how packages are reached


@dataclass(frozen=True)
class Tier:
    """A container size: processors, and bytes of memory."""

    cores: float
    memory: int

    def __str__(self) -> str:
        return f"{self.cores:g} CPU, {self.memory / 1024 / MiB:g} GB"


TIERS = tuple(
    Tier(cores, int(1024 * MiB * size)) for cores, size in ((0.5, 0.75), (1, 1.5), (2, 3), (4, 6))
)


def lacking() -> str | None:
    """Return why there can be no replica on this machine; None if there can."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "a replica of Gradescope's container needs Linux and root"
    for program in ("debootstrap", "bwrap"):
        if shutil.which(program) is None:
            return f"{program} is not installed (Debian: apt-get install debootstrap bubblewrap)"
    try:
        Group("replica-probe", 64 * MiB, 10, 0.5).remove()
    except OSError as error:
        return f"control groups cannot be made here ({error})"
    with tempfile.TemporaryDirectory() as folder:
        try:
            with layered([Path(folder)], Path(folder, "upper")):
                return None
        except subprocess.CalledProcessError as error:
            return f"file systems cannot be mounted here ({error.stderr.strip()})"


# -------------------------------------------------------------------------------- layers


@contextlib.contextmanager
def layered(lower: Sequence[Path], upper: Path, size: int | None = None) -> Iterator[Path]:
    """Mount a file system that shows ``lower`` (the topmost last) and keeps changes in ``upper``.

    Args:
        size: bytes that changes may take; they are then in memory, and gone at the end.
    """
    with contextlib.ExitStack() as stack:
        upper.mkdir(parents=True, exist_ok=True)
        room = upper.with_name(f"{upper.name}.mounted")
        room.mkdir()
        stack.callback(shutil.rmtree, room, ignore_errors=True)
        kept = upper
        if size is not None:
            kept = room / "memory"
            kept.mkdir()
            _mount(stack, ["-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(kept)])
            (kept / "upper").mkdir()
        work, root = (kept / "work" if size else room / "work"), room / "root"
        for folder in (work, root):
            folder.mkdir()
        kept = kept / "upper" if size else kept
        layers = ":".join(str(path) for path in reversed(lower))
        options = f"lowerdir={layers},upperdir={kept},workdir={work}"
        _mount(stack, ["-t", "overlay", "-o", options, "overlay", str(root)])
        yield root


def _mount(stack: contextlib.ExitStack, arguments: list[str]) -> None:
    subprocess.run(["mount", *arguments], check=True, capture_output=True, text=True)
    stack.callback(subprocess.run, ["umount", "-l", arguments[-1]], check=False)


class NoBase(Exception):
    """debootstrap could not make a root file system, e.g. for want of a network."""


def base(suite: str) -> Path:
    """Return the root file system of a release, as debootstrap makes it; raises ``NoBase``."""
    folder = STORE / suite / "base"
    if folder.is_dir():
        return folder
    arriving = STORE / suite / "base.arriving"
    remove(arriving)
    arriving.mkdir(parents=True)
    command = ["debootstrap", "--variant=minbase"]
    if suite == "jammy":  # which Debian has no keys for; universe has Python 3.11
        command += ["--no-check-gpg", "--components=main,universe"]
    done = subprocess.run(
        [*command, suite, str(arriving)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise NoBase(f"debootstrap {suite}: {(done.stdout + done.stderr)[-500:]}")
    if suite == "jammy":
        sources = arriving / "etc" / "apt" / "sources.list"
        line = sources.read_text()
        more = [line.replace(" jammy ", f" jammy-{pocket} ") for pocket in ("updates", "security")]
        sources.write_text("".join([line, *more]))
    arriving.rename(folder)
    return folder


# ------------------------------------------------------------------------- the container


def _contained(root: Path, group: Group | None, command: Sequence[str]) -> list[str]:
    """Return the command that runs another in a container whose root is ``root``."""
    there = ["bwrap", "--bind", str(root), "/", "--proc", "/proc", "--dev", "/dev"]
    there += ["--size", str(64 * MiB), "--tmpfs", "/dev/shm"]
    there += ["--ro-bind", "/sys", "/sys", "--tmpfs", str(CGROUPS)]
    if group is not None:
        for controller, folder in group.folders.items():
            inside = CGROUPS if group.version == 2 else CGROUPS / controller
            there += ["--ro-bind", str(folder), str(inside)]
    there += ["--ro-bind-try", "/etc/resolv.conf", "/etc/resolv.conf"]
    there += ["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--hostname", "gradescope"]
    there += ["--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    there += [word for name in CAPABILITIES for word in ("--cap-add", f"CAP_{name.upper()}")]
    there += ["--clearenv", "--setenv", "HOME", "/root", "--setenv", "PATH", _PATH]
    if group is None:  # it may fetch packages
        if _CERTIFICATES.exists():  # those of this machine, whatever stands between
            there += ["--ro-bind", str(_CERTIFICATES), _THEIR_CERTIFICATES]
            for name in ("PIP_CERT", "SSL_CERT_FILE"):
                there += ["--setenv", name, _THEIR_CERTIFICATES]
        for name, value in os.environ.items():
            if (
                name.startswith(_FROM_HERE)
                and name != "PIP_CERT"
                and not name.startswith("PIP_FIND")
            ):
                there += ["--setenv", name, value]
    return [*there, "--chdir", "/autograder", *command]


@dataclass(frozen=True)
class BuiltImage:
    """How building an image ended; ``layers`` are those of the image, the topmost last."""

    code: int
    said: str
    seconds: float
    layers: tuple[Path, ...]

    @property
    def sentence(self) -> str:
        """The last line that it printed."""
        return (self.said.strip().splitlines() or [""])[-1]


def build(
    below: Sequence[Path],
    upload: Path,
    folder: Path,
    change: Callable[[Path], None] | None = None,
    size: int | None = None,
) -> BuiltImage:
    """Lay out ``/autograder`` over ``below`` and run ``setup.sh``.

    Args:
        upload: the autograder.zip.
        folder: where the changes go.
        change: given the source folder in the image before ``setup.sh`` runs.
        size: bytes that the image may take, in memory.
    """
    with layered(below, folder, size) as root:
        home = root / "autograder"
        remove(home)
        for name in ("source", "submission", "results"):
            (home / name).mkdir(parents=True)
        with zipfile.ZipFile(upload) as archive:
            archive.extractall(home / "source")
        (root / "etc" / "hosts").write_text("127.0.0.1 localhost gradescope\n")
        if change is not None:
            change(home / "source")
        shutil.copyfile(home / "source" / "run_autograder", home / "run_autograder")
        (home / "run_autograder").chmod(0o755)
        begun = time.monotonic()
        done = subprocess.run(
            _contained(root, None, ["bash", "/autograder/source/setup.sh"]),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            errors="replace",
            check=False,
        )
        took = time.monotonic() - begun
    return BuiltImage(done.returncode, done.stdout, took, (*below, folder))


def image(suite: str, upload: Path = UPLOAD) -> BuiltImage:
    """Return the image of an upload on a release, built if it has not been; raises if it cannot be."""
    if not upload.is_file():
        raise FileNotFoundError(f"{upload} is missing: `make build` makes it")
    known = hashlib.sha256(upload.read_bytes()).hexdigest()[:16]
    folder = STORE / suite / known
    told = folder.with_suffix(".json")
    if told.exists():
        return BuiltImage(**{**json.loads(told.read_text()), "layers": (base(suite), folder)})
    for old in [*(STORE / suite).glob("*.json"), *(STORE / suite).glob("?" * 16 + "*")]:
        remove(old)  # of other uploads: an image takes two gigabytes
    built = build([base(suite)], upload, folder)
    if built.code:
        raise RuntimeError(f"the image cannot be built:\n{built.said[-4000:]}")
    told.write_text(json.dumps({"code": 0, "said": built.said, "seconds": built.seconds}))
    return built


@dataclass(frozen=True)
class Run:
    """How a submission fared.

    Attributes:
        text: its results.json; None if there is none, or the time was over.
        said: what was printed.
        seconds: of wall time.
        cpu: seconds of processor time.
        peak: the most bytes that its processes held, by looks five times a second.
        page_ins: how often they waited for a page from the disk.
        killed: how many of them the kernel ended for want of memory.
    """

    text: str | None
    said: str
    seconds: float
    cpu: float
    peak: int
    page_ins: int
    killed: int

    @property
    def body(self) -> dict[str, Any]:
        """The results.json as Gradescope takes it; raises ``ValueError`` where it gives no score."""
        if self.text is None:
            raise ValueError(f"no results.json:\n{self.said[-2000:]}")
        body: dict[str, Any] = json.loads(self.text, parse_constant=_no_constant)
        ResultDocument.from_object(body)
        for name, value in _texts(body):
            if len(value) > CUT:
                raise ValueError(f"{name} is cut")
        return body


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _texts(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for test in [body, *body["tests"]]:
        for name in ("name", "output"):
            yield name, test.get(name, "")


def run(
    layers: Sequence[Path],
    files: Mapping[str, bytes],
    tier: Tier,
    metadata: bytes | None = b"{}",
    seconds: float = TIME_LIMIT,
    change: Callable[[Path], None] | None = None,
    after: Callable[[Path], None] | None = None,
    size: int | None = None,
    command: Sequence[str] = ("/autograder/run_autograder",),
) -> Run:
    """Have a submission graded in a fresh container.

    Args:
        layers: of the image.
        files: what was handed in, by its path.
        metadata: what ``submission_metadata.json`` holds; None: there is no such file.
        seconds: after which everything in the container is killed.
        change: given the root file system before it starts.
        after: given it when all is over.
        size: bytes that the container may write to its disk.
        command: what to run.
    """
    (STORE / "runs").mkdir(parents=True, exist_ok=True)
    upper = Path(tempfile.mkdtemp(dir=STORE / "runs"))
    upper.chmod(0o755)
    group = Group(f"replica-{upper.name}", tier.memory, None, tier.cores)
    try:
        with (
            layered(layers, upper, size) as root,
            tempfile.TemporaryFile("w+", errors="replace") as said,
        ):
            home = root / "autograder"
            for name, data in files.items():
                (home / "submission" / name).parent.mkdir(parents=True, exist_ok=True)
                (home / "submission" / name).write_bytes(data)
            if metadata is not None:
                (home / "submission_metadata.json").write_bytes(metadata)
            if change is not None:
                change(root)
            begun = time.monotonic()
            container = subprocess.Popen(
                _contained(root, group, command),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                preexec_fn=group.join,
            )
            peak, in_time = _watched(container, group, seconds)
            took = time.monotonic() - begun
            said.seek(0)
            results = home / "results" / "results.json"
            text = results.read_text(encoding="utf-8") if in_time and results.is_file() else None
            if after is not None:
                after(root)
            return Run(
                text, said.read(), took, group.cpu_seconds, peak, group.page_ins, group.killed
            )
    finally:
        group.kill()
        group.remove()
        remove(upper)


def _watched(container: subprocess.Popen[bytes], group: Group, seconds: float) -> tuple[int, bool]:
    """Wait for a container's end; return the most memory that was seen, and whether it ended in time."""
    peak, over = 0, threading.Timer(seconds, container.kill)
    over.start()
    until = time.monotonic() + seconds
    while container.poll() is None:
        peak = max(peak, group.resident)
        time.sleep(0.2)
    over.cancel()
    return peak, time.monotonic() < until


def files_of(submission: Path) -> dict[str, bytes]:
    """Return what Gradescope makes of an upload: a zip is unpacked."""
    if submission.suffix != ".zip":
        return {submission.name: submission.read_bytes()}
    with zipfile.ZipFile(submission) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


def main() -> None:
    """Grade the submissions that the command line names, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("submission", nargs="+", type=Path)
    parser.add_argument("--suite", choices=SUITES, default="bookworm")
    parser.add_argument("--tier", type=float, default=0.5, help="its processors: 0.5, 1, 2 or 4")
    parser.add_argument("--upload", type=Path, default=UPLOAD)
    told = parser.parse_args()
    if why := lacking():
        sys.exit(f"Error: {why}.")
    (tier,) = [tier for tier in TIERS if tier.cores == told.tier] or [TIERS[0]]
    print(f"building the image on {SUITES[told.suite]} (minutes, the first time) ...", flush=True)
    built = image(told.suite, told.upload)
    print(f"it took {built.seconds:.0f} s. {built.sentence}")
    print("| submission | score | wall, s | CPU, s | peak, MB | page-ins | killed |")
    print("|---|---|---|---|---|---|---|")
    for path in told.submission:
        ran = run(built.layers, files_of(path), tier)
        score = "none" if ran.text is None else f"{ran.body['score']:g}"
        print(
            f"| {path.name} | {score} | {ran.seconds:.0f} | {ran.cpu:.0f} | {ran.peak / 1e6:.0f} "
            f"| {ran.page_ins} | {ran.killed} |",
            flush=True,
        )
        if ran.said.strip():
            print(ran.said.strip()[-1000:], file=sys.stderr)


if __name__ == "__main__":
    main()
