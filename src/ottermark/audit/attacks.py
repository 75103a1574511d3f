"""The hostile corpus: what an attack file says, and the ground that it is fought on.

Each file in ``hostile/CLASS/`` of the corpus is one attack. Its head says in comments

- ``tries``: what it tries to do;
- ``earns``: the points that its honest answers earn; anything above that is stolen;
- ``ends``: how the run may end (``graded``, ``crashed``, ``timeout``, ``rejected``);
- ``alone``: ``gets through`` if it needs a wall to be held, so that it gets through where there
  is none (``--isolation none``);
- ``shows``: a regular expression that what the student sees must not match, for an attack that
  carries out something else than the canary.

Most are answer files over the blank student notebook (``ottermark.audit.answer_files``). An attack that is
a file of its own kind has a function ``make(blank: bytes) -> bytes`` and says in ``file`` what
it is called. An attack that wins shows it: by points, by the canary in something that the
student sees, by a process that is left, by a file where none should be, by grading that goes on
when the run has long been over.

``hostile/honest.py`` is the sheet of an honest student among them, with the points it must keep.

Where the ground lies is written into an attack for these words, as if the attacker had been
told: @UPLOAD@ (the autograder's folder), @SHEETS@ (the class's sheets), @OUT@ (the results),
@PORT@ (a server on this machine that answers with the canary), @SOCKET@ (the same, an abstract
Unix socket), @WITNESS@ (a file to leave behind, in a folder that everybody may write to),
@SETUID@ (a copy of cat that belongs to root and has its setuid bit), @SECRET@ (a file with the
canary that only root may read), @PUBLIC@ (one that everybody may).
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
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ottermark.audit.answer_files import build_notebook
from ottermark.errors import UsageError
from ottermark.sandbox.isolation import remove

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
START = "import otter\nimport numpy as np\ngrader = otter.Notebook()"
HONEST = "with_honest_answers"  # the last by name: it meets what attacks leave
GRADER = (sys.executable, "-m", "ottermark")


@dataclass(frozen=True)
class Attack:
    """One file of the corpus."""

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
        """The ways in which its run may end."""
        return set(self.head["ends"].replace(",", " ").split())

    @property
    def needs_a_wall(self) -> bool:
        """Whether it gets through where there is no wall."""
        return self.head.get("alone") == "gets through"


def attacks(corpus: Path) -> list[Attack]:
    """Return all attacks of a hostile corpus."""
    return [_read(path) for path in sorted(corpus.glob("*/*.py"))]


def honest(corpus: Path) -> Attack:
    """Return the honest student's sheet, which is written as an attack is."""
    return _read(corpus / "honest.py")


def _read(path: Path) -> Attack:
    lines = re.findall(r"^# (\w+): *(.+?) *$", path.read_text(encoding="utf-8"), re.M)
    return Attack(path, dict(reversed(lines)))


@dataclass
class AttackHarness:
    """A class of attackers and one honest student, and everything they would like to get at.

    Args:
        project: holds ``student/``, ``solutions/`` and ``autograder/``.
        corpus: the hostile corpus.
        bare: import nothing beforehand, and grade one sheet at a time.
        limits: of each run.
        folder: everything is made in here.
    """

    project: Path
    corpus: Path
    bare: bool = False
    limits: dict[str, str] = field(default_factory=lambda: LIMITS)
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="hostile-")))
    canary: str = field(default_factory=lambda: secrets.token_hex(12))

    def __post_init__(self) -> None:
        self.folder.chmod(0o711)  # other users must be able to get to it
        self.upload = self.folder / "upload"
        self.sheets = self.folder / "sheets"
        self.out = self.folder / "out"
        self.commons = self.folder / "commons"
        self.commons.mkdir()
        self.commons.chmod(0o1777)
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
        self.setuid = self.commons / "cat"
        self.secret = self.folder / "secret.txt"
        self.secret.write_text(self.canary)
        self.secret.chmod(0o600)
        self.public = self.folder / "public.txt"
        self.public.write_text(self.canary)
        self.public.chmod(0o644)
        if cat := shutil.which("cat"):
            shutil.copyfile(cat, self.setuid)
            self.setuid.chmod(0o4755)
        (self.out / "results").mkdir(parents=True)
        (self.out / "results" / "earlier.json").write_text(json.dumps({"output": self.canary}))
        self.sheets.mkdir()
        self._server = socket.create_server(("127.0.0.1", 0))
        self._abstract = socket.socket(socket.AF_UNIX)
        self.socket_name = f"ottermark-{self.canary}"
        self._abstract.bind(f"\0{self.socket_name}")
        self._abstract.listen()
        for server in (self._server, self._abstract):
            threading.Thread(target=self._answer, args=(server,), daemon=True).start()

    def _answer(self, server: socket.socket) -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            connection.sendall(self.canary.encode())
            connection.close()

    def add(self, attack: Attack) -> None:
        """Write an attack's sheet."""
        text = self._told(attack.path.read_text(encoding="utf-8"), attack.name)
        told = self.folder / f"{attack.name}.py"
        told.write_text(text, encoding="utf-8")
        blank = next((self.project / "student").glob("*.ipynb"))
        if "file" in attack.head:
            names: dict[str, Any] = {}
            exec(compile(text, str(told), "exec"), names)
            made = names["make"](blank.read_bytes())
            suffix = Path(attack.head["file"]).suffix
            (self.sheets / f"{attack.name}{suffix}").write_bytes(made)
            return
        body = build_notebook(told, blank, self.project / "solutions" / blank.name)
        self._write(attack.name, body)

    def add_honest(self) -> None:
        """Write the honest student's sheet, whose answers are to stay private."""
        told = self.folder / f"{HONEST}.py"
        text = honest(self.corpus).path.read_text(encoding="utf-8")
        told.write_text(self._told(text, HONEST).replace("@CANARY@", self.canary))
        blank = next((self.project / "student").glob("*.ipynb"))
        self._write(HONEST, build_notebook(told, blank, blank))

    def _write(self, name: str, body: dict[str, Any]) -> None:
        """Write a sheet that holds, of the given cells, only those that check: it is quicker."""
        blank = next((self.project / "student").glob("*.ipynb"))
        given = {"".join(cell["source"]) for cell in json.loads(blank.read_text())["cells"]}
        body["cells"] = [
            cell
            for cell in body["cells"]
            if (text := "".join(cell["source"])) not in given or text.startswith("grader.check")
        ]
        body["cells"].insert(0, {**body["cells"][0], "source": START, "id": "start"})
        (self.sheets / f"{name}.ipynb").write_text(json.dumps(body))

    def close_to_others(self) -> None:
        """Take from other users what the grader holds to be private."""
        for folder in (self.upload, self.sheets, self.out):
            folder.chmod(0o700)

    def witness(self, name: str) -> Path:
        """Return the file that an attack may try to leave."""
        return self.commons / f"{name}.txt"

    def _told(self, text: str, name: str) -> str:
        for word, value in {
            "UPLOAD": self.upload,
            "SHEETS": self.sheets,
            "OUT": self.out,
            "PORT": self._server.getsockname()[1],
            "SOCKET": self.socket_name,
            "WITNESS": self.witness(name),
            "SETUID": self.setuid,
            "SECRET": self.secret,
            "PUBLIC": self.public,
        }.items():
            text = text.replace(f"@{word}@", str(value))
        return text

    def fight(self, isolation: str, grader: Sequence[str] = GRADER) -> AttackRun:
        """Grade all sheets through the public command.

        Args:
            grader: what runs it.
        """
        command = [*grader, "grade", str(self.sheets), "-a", str(self.upload), "-o", str(self.out)]
        command += ["--isolation", isolation, "-j", "1" if self.bare else "4"]
        for name, value in self.limits.items():
            command += ["--limit", f"{name}={value}"]
        scratch = self.folder / "scratch"
        scratch.mkdir(exist_ok=True)
        scratch.chmod(0o711)
        environment = os.environ | {"TMPDIR": str(scratch), "OTTERMARK_CANARY": self.canary}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        time.sleep(1)  # what was left running may show itself
        return AttackRun(self, done.returncode, done.stdout + done.stderr, self._left(str(scratch)))

    def _left(self, mark: str) -> dict[int, str]:
        """Return the processes that come from this fight: their environment names its folder."""
        left = {}
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if mark.encode() in (process / "environ").read_bytes():
                    told = (process / "cmdline").read_text()
                    left[int(process.name)] = told.replace("\0", " ")
            except OSError:
                continue
        return left

    def give_to(self, user: int) -> None:
        """Make all of it a user's, who is then to run the grader."""
        (self.folder / "scratch").mkdir()
        for path in (self.folder, *self.folder.rglob("*")):
            os.chown(path, user, user)

    def __enter__(self) -> AttackHarness:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.close()
        self._abstract.close()
        remove(self.folder)


def fight_all(project: Path, corpus: Path, isolation: str) -> dict[str, list[str]]:
    """Grade all attacks beside the honest student; return what each won, by its name.

    Where there is no wall, those that need one are left out. Raises ``UsageError`` if the
    grader itself did not get through.
    """
    chosen = [a for a in attacks(corpus) if isolation != "none" or not a.needs_a_wall]
    with AttackHarness(project, corpus) as ground:
        for attack in chosen:
            ground.add(attack)
        ground.add_honest()
        fight = ground.fight(isolation)
        if fight.code:
            raise UsageError(f"the attacks ended the grader:\n{fight.said}")
        won = {attack.name: fight.won_by(attack) for attack in chosen}
        kept = fight.body(HONEST)["score"]
        won[HONEST] = [] if kept == honest(corpus).earns else [f"only {kept:g} points"]
        if fight.left:
            won["all"] = [f"left running: {', '.join(fight.left.values())}"]
    return won


@dataclass
class AttackRun:
    """How the grading of a ground ended."""

    ground: AttackHarness
    code: int
    said: str
    left: dict[int, str]

    def body(self, name: str) -> dict[str, Any]:
        """Return a results.json; it must be valid JSON as strict readers see it."""
        text = (self.ground.out / "results" / f"{name}.json").read_text(encoding="utf-8")
        body: dict[str, Any] = json.loads(text, parse_constant=_no_constant)
        return body

    def won_by(self, attack: Attack) -> list[str]:
        """Return what the attack achieved; nothing, if the wall holds."""
        won = []
        body = self.body(attack.name)
        seen = json.dumps(body)
        if body["score"] > attack.earns:
            won.append(f"{body['score']:g} points, not {attack.earns:g}")
        if self.ground.canary in seen:
            won.append("the canary, in its results")
        executed = self.ground.out / "executed" / f"{attack.name}.ipynb"
        if executed.exists():
            text = executed.read_text(encoding="utf-8")
            if self.ground.canary in text.replace(self.ground.socket_name, ""):  # that, it was told
                won.append("the canary, in what its cells show")
        if self.ground.witness(attack.name).exists():
            won.append("a file outside its folder")
        seen = "\n".join(f"{test['name']}\n{test['output']}" for test in body["tests"])
        if "shows" in attack.head and (shown := re.search(attack.head["shows"], seen)):
            won.append(f"{shown[0]!r}, for the student to see")
        if (seconds := body["extra_data"]["seconds"]) > 1.5 * float(self.ground.limits["run"]):
            won.append(f"{seconds:g} seconds of the grader's time")
        if any(test["output"].startswith("The grader failed") for test in body["tests"]):
            won.append("a failure of the grader")
        return won


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")
