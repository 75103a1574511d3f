"""The hostile corpus: what an attack file says, and the ground that it is fought on.

Each file in ``corpus/hostile/CLASS/`` is one attack. Its head says in comments

- ``tries``: what it tries to do;
- ``earns``: the points that its honest answers earn; anything above that is stolen;
- ``ends``: how the run may end (``graded``, ``crashed``, ``timeout``, ``rejected``);
- ``alone``: ``gets through`` if it needs a wall to be held, so that it gets through where there
  is none (``--isolation none``).

Most are answer files over the blank student notebook (``ottermark.corpus``). An attack that is
a file of its own kind has a function ``make(blank: bytes) -> bytes`` and says in ``file`` what
it is called. An attack that wins shows it: by points, by the canary in something that the
student sees, by a process that is left, by a file where none should be.

Where the ground lies is written into an attack for these words, as if the attacker had been
told: @UPLOAD@ (the autograder's folder), @SHEETS@ (the class's sheets), @OUT@ (the results),
@PORT@ (a server on this machine that answers with the canary), @SOCKET@ (the same, an abstract
Unix socket), @WITNESS@ (a file to leave behind, in a folder that everybody may write to).
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
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ottermark.corpus import notebook

PROJECT = Path(__file__).parents[1]
CORPUS = Path(__file__).parent / "corpus" / "hostile"
LIMITS = {
    "cell": "8",
    "call": "4",
    "run": "60",
    "memory": "700M",
    "processes": "48",
    "file": "32M",
    "disk": "64M",
}
HONEST = "an_honest_student"
HONEST_ANSWERS = """\
# %% q2_3
shape_6_3 = (4, 4)
secret = "@CANARY@"
# %% q3_2
pooled_shape = (3, 3)
# %% q4_5
def conv_params(kernel_shape, in_channels, filters, bias=True):
    return kernel_shape[0] * kernel_shape[1] * in_channels * filters + bias * filters
"""
HONEST_POINTS = 10


@dataclass(frozen=True)
class Attack:
    """One file of the corpus."""

    path: Path
    head: dict[str, str]

    @property
    def name(self) -> str:
        return f"{self.path.parent.name}-{self.path.stem}"

    @property
    def earns(self) -> float:
        return float(self.head["earns"])

    @property
    def ends(self) -> set[str]:
        return set(self.head["ends"].replace(",", " ").split())

    @property
    def needs_a_wall(self) -> bool:
        return self.head.get("alone") == "gets through"


def attacks() -> list[Attack]:
    """Return the whole corpus."""
    found = []
    for path in sorted(CORPUS.glob("*/*.py")):
        lines = re.findall(r"^# (\w+): *(.+?) *$", path.read_text(encoding="utf-8"), re.M)
        found.append(Attack(path, dict(reversed(lines))))
    return found


@dataclass
class Ground:
    """A class of attackers and one honest student, and everything they would like to get at.

    Args:
        folder: everything is made in here; other users must be able to get to it.
    """

    folder: Path
    canary: str = field(default_factory=lambda: secrets.token_hex(12))
    files: dict[str, Path] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder.chmod(0o711)
        self.upload = self.folder / "upload"
        self.sheets = self.folder / "sheets"
        self.out = self.folder / "out"
        self.commons = self.folder / "commons"
        self.commons.mkdir()
        self.commons.chmod(0o1777)
        shutil.copytree(
            PROJECT / "autograder",
            self.upload,
            ignore=shutil.ignore_patterns("ottermark", "autograder.zip"),
        )
        for test in (self.upload / "tests").glob("*.py"):
            test.write_text(f'CANARY = "{self.canary}"\n{test.read_text()}')
        (self.upload / "files" / "canary.txt").write_text(self.canary)
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
        blank = next((PROJECT / "student").glob("*.ipynb"))
        if "file" in attack.head:
            names: dict[str, Any] = {}
            exec(compile(text, str(told), "exec"), names)
            made = names["make"](blank.read_bytes())
            suffix = Path(attack.head["file"]).suffix
            (self.sheets / f"{attack.name}{suffix}").write_bytes(made)
            return
        body = notebook(told, blank, PROJECT / "solutions" / blank.name)
        (self.sheets / f"{attack.name}.ipynb").write_text(json.dumps(body))

    def add_honest(self) -> None:
        """Write the honest student's sheet, whose answers are to stay private."""
        told = self.folder / f"{HONEST}.py"
        told.write_text(self._told(HONEST_ANSWERS, HONEST).replace("@CANARY@", self.canary))
        blank = next((PROJECT / "student").glob("*.ipynb"))
        body = notebook(told, blank, blank)
        (self.sheets / f"{HONEST}.ipynb").write_text(json.dumps(body))

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
        }.items():
            text = text.replace(f"@{word}@", str(value))
        return text

    def fight(self, isolation: str, without: str = "", prefix: tuple[str, ...] = ()) -> Fight:
        """Grade all sheets through the public command.

        Args:
            without: layers of the wall to leave out.
            prefix: a command that runs the command.
        """
        command = [
            *prefix,
            sys.executable,
            str(Path(__file__).parent / "grade_without.py"),
            without,
        ]
        command += ["grade", str(self.sheets), "-a", str(self.upload), "-o", str(self.out)]
        command += ["--isolation", isolation]
        for name, value in LIMITS.items():
            command += ["--limit", f"{name}={value}"]
        scratch = self.folder / "scratch"
        scratch.mkdir(exist_ok=True)
        scratch.chmod(0o711)
        environment = os.environ | {"TMPDIR": str(scratch), "OTTERMARK_CANARY": self.canary}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        time.sleep(1)  # what was left running may show itself
        return Fight(self, done.returncode, done.stdout + done.stderr, self._left(str(scratch)))

    def _left(self, mark: str) -> list[str]:
        """Return the processes that come from this fight: their environment names its folder."""
        left = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if mark.encode() in (process / "environ").read_bytes():
                    left.append((process / "cmdline").read_text().replace("\0", " "))
            except OSError:
                continue
        return left

    def close(self) -> None:
        """Stop the servers."""
        self._server.close()
        self._abstract.close()


@dataclass
class Fight:
    """How the grading of a ground ended."""

    ground: Ground
    code: int
    said: str
    left: list[str]

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
        if self.ground.witness(attack.name).exists():
            won.append("a file outside its folder")
        return won


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")
