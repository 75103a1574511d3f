"""The lab's pictures are those that their source draws, as PNG and as SVG."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from docs_pages import PROJECT
from PIL import Image

FIGURES, SLIDES = Path("assignment/figures"), Path("docs/img/lab")


def content(path: Path) -> bytes:
    """Return a file's bytes, or a PNG's pixels: how well they are compressed depends on the processor."""
    if path.suffix != ".png":
        return path.read_bytes()
    with Image.open(path) as picture:
        return picture.convert("RGB").tobytes()


@pytest.mark.slow
def test_the_pictures_are_what_their_source_draws(tmp_path: Path) -> None:
    for source in (FIGURES / "draw.py", Path("assignment/data/digits.npz")):
        (tmp_path / source).parent.mkdir(parents=True)
        shutil.copy(PROJECT / source, tmp_path / source)
    subprocess.run([sys.executable, tmp_path / FIGURES / "draw.py"], check=True)
    for folder, kind in ((FIGURES, "png"), (SLIDES, "svg")):
        names = sorted(path.name for path in (PROJECT / folder).glob(f"*.{kind}"))
        drawn = sorted(path.name for path in (tmp_path / folder).glob(f"*.{kind}"))
        assert names and drawn == names
        for name in names:
            same = content(tmp_path / folder / name) == content(PROJECT / folder / name)
            assert same, f"run `python {FIGURES}/draw.py`: {name} is not what it draws"
