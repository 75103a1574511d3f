"""The attacks, and the harness that grades them and looks for breaches.

Each file in ``CLASS/`` of the corpus of attacks is one attack. Its head is made of comments:

- ``tries``: what it tries to do;
- ``earns``: the points that its honest answers earn; any point more is stolen;
- ``ends``: how the run may end (``graded``, ``crashed``, ``timeout``, ``rejected``);
- ``reached``: a regular expression that what its executed notebook shows must match: an attack that
  did not get as far as its decisive step proves nothing. Files that are rejected never run;
- ``needs: isolation`` if only isolation stops it, so that it succeeds with ``--isolation none``;
- ``shows``: a regular expression that nothing the student sees may match, for an attack that
  carries out something else than the canary;
- ``file``: for an attack that is not a notebook, the name of the file that it submits.

Nor does an attack prove anything whose notebook shows an ImportError or AttributeError: it lies about
modules that have been renamed since.

Most attacks are answer files over the blank student notebook (see ``ottermark.audit.answer_files``). One
with ``file`` in its head defines ``make(blank: bytes) -> bytes`` instead, which returns what is
submitted. An attack that succeeds shows it by one of the breaches of ``AttackRun.breaches``.

``honest.py`` is the submission of an honest student among them, with the points it must keep.

An attack may know where everything is: these words are replaced in it.

==============  =====================================================================
@UPLOAD@        the autograder's folder
@SUBMISSIONS@   the folder of all submissions
@OUT@           the folder of the results
@PORT@          the port of a server on this machine that answers with the canary
@SOCKET@        the name of an abstract Unix socket that does the same
@WITNESS@       a file to create, in a folder that everybody may write to
@SETUID@        a copy of cat that belongs to root and has its setuid bit
@SECRET@        a file with the canary that only root may read
@PUBLIC@        a file with the canary that everybody may read
==============  =====================================================================
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ottermark.audit.answer_files import build_notebook
from ottermark.errors import UsageError
from ottermark.sandbox.disk import remove

LIMITS = {
    "cell": "4",
    "call": "3",
    "run": "60",
    "memory": "700M",
    "processes": "48",
    "file": "32M",
    "disk": "64M",
    "files": "5000",
}
FIRST_CELL = "import otter\nimport numpy as np\ngrader = otter.Notebook()"
HONEST = "with_honest_answers"  # the last by name, so it is graded after what attacks leave behind
COMMAND = (sys.executable, "-m", "ottermark")
_STALE = ("ImportError", "ModuleNotFoundError", "AttributeError")
SETTLE_SECONDS = 1  # in which processes that were left behind may show themselves


@dataclass(frozen=True)
class Attack:
    """One file of the corpus.

    Attributes:
        head: its comments, by their first word.
    """

    path: Path
    head: dict[str, str]

    @property
    def name(self) -> str:
        """Its class and file, as in ``read-the_tests``."""
        return f"{self.path.parent.name}-{self.path.stem}"

    @property
    def earns(self) -> float:
        """The points that its honest answers earn."""
        return float(self.head["earns"])

    @property
    def ends(self) -> set[str]:
        """The statuses that its run may end with."""
        return set(self.head["ends"].replace(",", " ").split())

    @property
    def needs_isolation(self) -> bool:
        """Whether only isolation stops it."""
        return self.head.get("needs") == "isolation"


def read_attacks(corpus: Path) -> list[Attack]:
    """Return all attacks of a corpus."""
    return [_read(path) for path in sorted(corpus.glob("*/*.py"))]


def read_honest(corpus: Path) -> Attack:
    """Return the honest student's submission, which is written as an attack is."""
    return _read(corpus / "honest.py")


def _read(path: Path) -> Attack:
    lines = re.findall(r"^# (\w+): *(.+?) *$", path.read_text(encoding="utf-8"), re.M)
    return Attack(path, dict(reversed(lines)))


@dataclass
class AttackHarness:
    """A class of attackers and one honest student, and everything that is worth an attack.

    Args:
        project: holds ``student/``, ``solutions/`` and ``autograder/``.
        corpus: the folder of the attacks.
        bare: import nothing beforehand, and grade one submission at a time.
        limits: of each run.
        folder: everything is created in here.
        canary: a secret that must not get out.
    """

    project: Path
    corpus: Path
    bare: bool = False
    limits: dict[str, str] = field(default_factory=lambda: LIMITS)
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="attacks-")))
    canary: str = field(default_factory=lambda: secrets.token_hex(12))

    def __post_init__(self) -> None:
        self.folder.chmod(0o711)  # other users must be able to get to it
        self.upload = self.folder / "upload"
        self.submissions = self.folder / "submissions"
        self.submissions.mkdir()
        self.out = self.folder / "out"
        self.shared = self.folder / "shared"
        self.shared.mkdir()
        self.shared.chmod(0o1777)
        self.setuid = self.shared / "cat"
        self.secret = self.folder / "secret.txt"
        self.public = self.folder / "public.txt"
        self.socket_name = f"ottermark-{self.canary}"
        self._write_upload()
        self._write_secrets()
        self._server, self._abstract = self._start_servers()

    def _write_upload(self) -> None:
        shutil.copytree(
            self.project / "autograder",
            self.upload,
            ignore=shutil.ignore_patterns("ottermark", "autograder.zip"),
        )
        for test in (self.upload / "tests").glob("*.py"):
            test.write_text(f'CANARY = "{self.canary}"\n{test.read_text()}')
        (self.upload / "files" / "canary.txt").write_text(self.canary)
        if self.bare:
            record = self.upload / "questions.json"
            record.write_text(json.dumps(json.loads(record.read_text()) | {"imports": []}))

    def _write_secrets(self) -> None:
        for path, mode in ((self.secret, 0o600), (self.public, 0o644)):
            path.write_text(self.canary)
            path.chmod(mode)
        if cat := shutil.which("cat"):
            shutil.copyfile(cat, self.setuid)
            self.setuid.chmod(0o4755)
        (self.out / "results").mkdir(parents=True)
        (self.out / "results" / "earlier.json").write_text(json.dumps({"output": self.canary}))

    def _start_servers(self) -> tuple[socket.socket, socket.socket]:
        server = socket.create_server(("127.0.0.1", 0))
        abstract = socket.socket(socket.AF_UNIX)
        abstract.bind(f"\0{self.socket_name}")
        abstract.listen()
        for listener in (server, abstract):
            threading.Thread(target=self._answer, args=(listener,), daemon=True).start()
        return server, abstract

    def _answer(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.sendall(self.canary.encode())
            connection.close()

    @property
    def _blank(self) -> Path:
        return next((self.project / "student").glob("*.ipynb"))

    def add(self, attack: Attack) -> None:
        """Write an attack's submission."""
        text = self._fill_in(attack.path.read_text(encoding="utf-8"), attack.name)
        answers = self.folder / f"{attack.name}.py"
        answers.write_text(text, encoding="utf-8")
        if "file" in attack.head:
            names: dict[str, Any] = {}
            exec(compile(text, str(answers), "exec"), names)
            content = names["make"](self._blank.read_bytes())
            suffix = Path(attack.head["file"]).suffix
            (self.submissions / f"{attack.name}{suffix}").write_bytes(content)
            return
        solution = self.project / "solutions" / self._blank.name
        self._write(attack.name, build_notebook(answers, self._blank, solution))

    def add_honest(self) -> None:
        """Write the honest student's submission, whose answers are to stay private."""
        answers = self.folder / f"{HONEST}.py"
        text = read_honest(self.corpus).path.read_text(encoding="utf-8")
        answers.write_text(self._fill_in(text, HONEST).replace("@CANARY@", self.canary))
        self._write(HONEST, build_notebook(answers, self._blank, self._blank))

    def _write(self, name: str, body: dict[str, Any]) -> None:
        """Write a submission; of the blank notebook's cells, keep the checks only, to save time."""
        blank_cells = json.loads(self._blank.read_text())["cells"]
        unchanged = {"".join(cell["source"]) for cell in blank_cells}
        body["cells"] = [
            cell
            for cell in body["cells"]
            if (text := "".join(cell["source"])) not in unchanged or text.startswith("grader.check")
        ]
        body["cells"].insert(0, {**body["cells"][0], "source": FIRST_CELL, "id": "start"})
        (self.submissions / f"{name}.ipynb").write_text(json.dumps(body))

    def make_private(self) -> None:
        """Take from other users what the grader holds to be private."""
        for folder in (self.upload, self.submissions, self.out):
            folder.chmod(0o700)

    def witness_file(self, name: str) -> Path:
        """Return the file that an attack may try to create."""
        return self.shared / f"{name}.txt"

    def _fill_in(self, text: str, name: str) -> str:
        """Replace the words between @ in an attack."""
        for word, value in {
            "UPLOAD": self.upload,
            "SUBMISSIONS": self.submissions,
            "OUT": self.out,
            "PORT": self._server.getsockname()[1],
            "SOCKET": self.socket_name,
            "WITNESS": self.witness_file(name),
            "SETUID": self.setuid,
            "SECRET": self.secret,
            "PUBLIC": self.public,
        }.items():
            text = text.replace(f"@{word}@", str(value))
        return text

    def grade(self, isolation: str, command: Sequence[str] = COMMAND) -> AttackRun:
        """Grade all submissions through the public command.

        Args:
            isolation: the mode.
            command: how ``ottermark`` is run.
        """
        arguments = ["grade", str(self.submissions), "-a", str(self.upload), "-o", str(self.out)]
        arguments += ["--isolation", isolation, "-j", "1" if self.bare else "4"]
        for name, value in self.limits.items():
            arguments += ["--limit", f"{name}={value}"]
        scratch = self.folder / "scratch"
        scratch.mkdir(exist_ok=True)
        scratch.chmod(0o711)
        environment = os.environ | {"TMPDIR": str(scratch), "OTTERMARK_CANARY": self.canary}
        done = subprocess.run(
            [*command, *arguments], env=environment, capture_output=True, text=True, check=False
        )
        time.sleep(SETTLE_SECONDS)
        left_running = _processes_with(str(scratch))
        return AttackRun(self, isolation, done.returncode, done.stdout + done.stderr, left_running)

    def give_to(self, user: int) -> None:
        """Make everything a user's, who is then to run the grader."""
        (self.folder / "scratch").mkdir()
        for path in (self.folder, *self.folder.rglob("*")):
            os.chown(path, user, user)

    def __enter__(self) -> AttackHarness:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.close()
        self._abstract.close()
        remove(self.folder)


@dataclass
class AttackRun:
    """How the grading of a harness's submissions ended.

    Attributes:
        isolation: the mode.
        exit_code: the command's.
        printed: what the command printed.
        left_running: command lines of processes that it left, by id.
    """

    harness: AttackHarness
    isolation: str
    exit_code: int
    printed: str
    left_running: dict[int, str]

    def result(self, name: str) -> dict[str, Any]:
        """Return a results.json, which must be valid JSON as strict readers see it."""
        text = (self.harness.out / "results" / f"{name}.json").read_text(encoding="utf-8")
        body: dict[str, Any] = json.loads(text, parse_constant=_reject_constant)
        return body

    def breaches(self, attack: Attack) -> list[str]:
        """Return what the attack achieved, in words; nothing if it was stopped."""
        body = self.result(attack.name)
        facts = body["extra_data"]
        breaches = []
        if body["score"] > attack.earns:
            breaches.append(f"{body['score']:g} points, not {attack.earns:g}")
        if self.harness.canary in self._without_names(json.dumps(body)):
            breaches.append("the canary, in its results")
        if self.harness.canary in self._without_names(self._shown_by_cells(attack)):
            breaches.append("the canary, in what its cells show")
        if self.harness.witness_file(attack.name).exists():
            breaches.append("a file outside its folder")
        shown = "\n".join(f"{test['name']}\n{test['output']}" for test in body["tests"])
        if "shows" in attack.head and (match := re.search(attack.head["shows"], shown)):
            breaches.append(f"{match[0]!r}, for the student to see")
        if facts["seconds"] > 1.5 * float(self.harness.limits["run"]):
            breaches.append(f"{facts['seconds']:g} seconds of the grader's time")
        if facts["status"] == "crashed" and facts.get("message"):
            breaches.append("a failure of the grader")
        return breaches

    def why_not_reached(self, attack: Attack) -> str:
        """Return why an attack proves nothing; empty if it got as far as it meant to."""
        if self.result(attack.name)["extra_data"]["status"] == "rejected":
            return ""
        outputs = list(self._outputs(attack))
        stale = [o["evalue"] for o in outputs if o.get("ename") in _STALE]
        if stale:
            return f"it uses what is not there: {stale[0]}"
        if "reached" not in attack.head:
            return "its head does not say what its notebook must show"
        if not any(re.search(attack.head["reached"], _text_of(output)) for output in outputs):
            return f"its notebook does not show {attack.head['reached']!r}"
        return ""

    def _outputs(self, attack: Attack) -> Iterator[dict[str, Any]]:
        executed = self.harness.out / "executed" / f"{attack.name}.ipynb"
        if executed.exists():
            for cell in json.loads(executed.read_text(encoding="utf-8"))["cells"]:
                yield from cell.get("outputs", ())

    def _shown_by_cells(self, attack: Attack) -> str:
        executed = self.harness.out / "executed" / f"{attack.name}.ipynb"
        if not executed.exists():
            return ""
        return executed.read_text(encoding="utf-8")

    def _without_names(self, text: str) -> str:
        """Leave out the socket's name, which stands in the code of the attacks themselves."""
        return text.replace(self.harness.socket_name, "")


def run_attacks(project: Path, corpus: Path, isolation: str) -> dict[str, list[str]]:
    """Grade all attacks beside the honest student.

    In mode ``none``, attacks that only isolation stops are left out.

    Returns:
        The breaches of each attack, by its name. Points that the honest student loses are a breach
        of that submission; processes that are left running are one under ``all``.

    Raises:
        UsageError: the grader did not survive.
    """
    chosen = [a for a in read_attacks(corpus) if isolation != "none" or not a.needs_isolation]
    with AttackHarness(project, corpus) as harness:
        for attack in chosen:
            harness.add(attack)
        harness.add_honest()
        run = harness.grade(isolation)
        if run.exit_code:
            raise UsageError(f"The attacks ended the grader:\n{run.printed}")
        breaches = {attack.name: run.breaches(attack) for attack in chosen}
        score = run.result(HONEST)["score"]
        is_whole = score == read_honest(corpus).earns
        breaches[HONEST] = [] if is_whole else [f"only {score:g} points"]
        if run.left_running:
            breaches["all"] = [f"left running: {', '.join(run.left_running.values())}"]
    return breaches


def _processes_with(mark: str) -> dict[int, str]:
    """Return the command lines of processes that have ``mark`` in their environment, by id.

    The environment is searched as bytes: psutil parses it, and an attack may have damaged its own.
    """
    processes = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (process / "environ").read_bytes():
                command = (process / "cmdline").read_text(errors="replace")
                processes[int(process.name)] = command.replace("\0", " ")
        except OSError:
            continue
    return processes


def _text_of(output: dict[str, Any]) -> str:
    """Return what an output of a cell shows as text."""
    if output["output_type"] == "error":
        return f"{output['ename']}: {output['evalue']}"
    return str(output.get("text") or output.get("data", {}).get("text/plain", ""))


def _reject_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
