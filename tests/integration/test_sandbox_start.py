"""What is kept from one run to the next, so that the next starts sooner."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from ottermark.limits import Limits
from ottermark.sandbox.sandbox import Sandbox

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
