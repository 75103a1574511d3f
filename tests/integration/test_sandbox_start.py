"""What the start of a run prepares for its notebooks and keeps for the next run, and when there is none."""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
from pathlib import Path

import psutil
import pytest

from ottermark.batch.run import Batch, BatchOptions
from ottermark.batch.tasks import SandboxStarted
from ottermark.grading.autograder import open_autograder
from ottermark.limits import Limits
from ottermark.sandbox.sandbox import Sandbox
from ottermark.submissions.collect import collect

pytestmark = pytest.mark.slow
IMPORTED = "dateutil.easter"  # small, and imported by nothing else


def shown(sandbox: Sandbox, source: str) -> str:
    with sandbox.open({}, Limits()) as session:
        run = session.run_cell(source)
    assert run.error is None, run.error
    return "".join(str(output.get("text", "")) for output in run.outputs)


def test_bytecode_of_imported_modules_is_kept() -> None:
    spec = importlib.util.find_spec(IMPORTED)
    assert spec is not None and spec.cached is not None
    bytecode = Path(spec.cached)
    bytecode.unlink(missing_ok=True)
    with Sandbox([IMPORTED], trusted=True):
        assert bytecode.exists()


IMPORT_OWN_MODULE = """
import subprocess, sys
from pathlib import Path
Path("own.py").write_text("")
import own
subprocess.run([sys.executable, "-c", "import own"], check=True)
print(sorted(path.name for path in Path().iterdir()))
"""


def test_a_notebook_leaves_no_bytecode_in_its_folder() -> None:
    with Sandbox(trusted=True) as sandbox:
        assert shown(sandbox, IMPORT_OWN_MODULE) == "['own.py']\n"


LOOK_AT_FIGURES = """
import sys
import matplotlib.pyplot as plt
from matplotlib.font_manager import fontManager
print(plt.get_fignums(), "PIL.PngImagePlugin" in sys.modules)
print(fontManager._findfont_cached.cache_info().currsize > 0)
"""


def test_notebooks_start_with_fonts_in_memory_and_no_figure() -> None:
    with Sandbox(["matplotlib.pyplot"], trusted=True) as sandbox:
        assert shown(sandbox, LOOK_AT_FIGURES) == "[] True\nTrue\n"


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_memory_of_code_that_was_imported_is_given_back() -> None:
    import pandas  # noqa: F401

    with Sandbox(["pandas"], trusted=True) as sandbox:
        children = psutil.Process().children()
        (zygote,) = (child for child in children if "ottermark.sandbox.zygote" in child.cmdline())
        assert resident_files(zygote) < resident_files(psutil.Process()) / 3
        assert shown(sandbox, "import pandas\nprint(pandas.Series([1, 2]).sum())") == "3\n"


def resident_files(process: psutil.Process) -> int:
    """Return the bytes of memory of files that a process has mapped and not changed."""
    maps = process.memory_maps(grouped=False)
    return sum(each.rss - each.anonymous for each in maps if each.path.startswith("/"))


PRINT_FONTS = """
from matplotlib.font_manager import fontManager
print({font.name for font in fontManager.ttflist} & {"Kept", "DejaVu Sans"})
"""


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The list of fonts, after a run that found none."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with Sandbox(["matplotlib.font_manager"], trusted=True):
        pass
    (kept,) = (tmp_path / "ottermark" / "matplotlib").iterdir()
    return kept


def test_without_a_home_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", "~/cache")  # as for a user who has no home
    with Sandbox(["matplotlib.font_manager"], trusted=True) as sandbox:
        assert shown(sandbox, PRINT_FONTS) == "{'DejaVu Sans'}\n"
    assert list(tmp_path.iterdir()) == []


def test_the_list_of_fonts_is_kept(kept: Path) -> None:
    fonts = json.loads(kept.read_text())
    fonts["ttflist"].append(fonts["ttflist"][0] | {"name": "Kept"})
    kept.write_text(json.dumps(fonts))
    with Sandbox(["matplotlib.font_manager"], trusted=True) as sandbox:
        assert "Kept" in shown(sandbox, PRINT_FONTS)


def test_a_list_of_fonts_that_cannot_be_read_is_made_again(kept: Path) -> None:
    whole = kept.read_text()
    kept.write_text(whole[: len(whole) // 2])
    with Sandbox(["matplotlib.font_manager"], trusted=True) as sandbox:
        assert shown(sandbox, PRINT_FONTS) == "{'DejaVu Sans'}\n"
    assert kept.read_text() == whole


def statuses(tiny: Path, submissions: Path, out: Path) -> tuple[list[str], bool]:
    """Grade a class; return the statuses of its results, and whether a sandbox was started."""
    with (
        open_autograder(tiny / "autograder") as grader,
        collect([submissions], grader.assignment) as collected,
        Batch(collected, grader, out, BatchOptions()) as batch,
    ):
        started = [isinstance(event, SandboxStarted) for event in batch.events()]
        return [document.status for document in batch.documents], any(started)


def test_a_class_without_a_notebook_that_can_be_read_starts_nothing(
    tiny: Path, tmp_path: Path
) -> None:
    submissions = tmp_path / "submissions"
    submissions.mkdir()
    for name in ("ann", "cem"):
        (submissions / f"{name}.ipynb").write_text("no notebook")
    first = statuses(tiny, submissions, tmp_path / "first")
    assert first == (["rejected", "rejected"], False)
    shutil.copy(tiny / "student" / "tiny.ipynb", submissions / "bob.ipynb")
    second = statuses(tiny, submissions, tmp_path / "second")
    assert second == (["rejected", "graded", "rejected"], True)
