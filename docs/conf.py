"""Configuration of the documentation site; `make docs` builds it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ottermark import __version__

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "ottermark"
author = "The ottermark developers"
copyright = author
version = release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown"}

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3

autodoc_typehints = "description"
autodoc_member_order = "bysource"
napoleon_google_docstring = True

html_theme = "furo"
html_title = "ottermark"
html_copy_source = False

# what the theme leaves out for screen readers and keyboards; axe looks for it
ACCESSIBLE = {
    '<p class="caption" role="heading">': '<p class="caption" role="heading" aria-level="2">',
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="Pages">',
    '<aside class="toc-drawer">': '<aside class="toc-drawer" aria-label="Sections of this page">',
    '<th class="head"><p></p></th>': "<td></td>",
    '<div class="table-wrapper': '<div tabindex="0" class="table-wrapper',
    '<div class="highlight"><pre>': '<div class="highlight"><pre tabindex="0">',
}


def make_accessible(app: Sphinx, exception: Exception | None) -> None:
    """Complete the pages that were written."""
    for path in Path(app.outdir).glob("*.html"):
        text = path.read_text(encoding="utf-8")
        for before, after in ACCESSIBLE.items():
            text = text.replace(before, after)
        path.write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.connect("build-finished", make_accessible)
