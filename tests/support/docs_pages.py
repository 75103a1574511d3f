"""The pages of the documentation, and the fenced blocks in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[2]
DOCS = PROJECT / "docs"
ROOT_PAGES = [
    PROJECT / f"{name}.md" for name in ("README", "CHANGELOG", "CONTRIBUTING", "SECURITY")
]
PAGES = [*ROOT_PAGES, *sorted(DOCS.glob("*.md"))]

_FENCE = re.compile(r"^( *)```([^\n]*)\n(.*?)^ *```$", re.M | re.S)
_COMMENT = re.compile(r"(^|\s+)# .*$")


@dataclass(frozen=True)
class Block:
    """A fenced block of a page.

    Attributes:
        language: what stands after the opening fence; empty if nothing does.
    """

    page: Path
    language: str
    text: str

    @property
    def commands(self) -> list[str]:
        """The command lines of a shell block, without comments."""
        lines = [_COMMENT.sub("", line).strip() for line in self.text.splitlines()]
        return [line for line in lines if line]


def blocks(page: Path) -> list[Block]:
    """Return the fenced blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    return [Block(page, match[2], match[3]) for match in _FENCE.finditer(text)]


def shell_blocks(page: Path) -> list[Block]:
    """Return the blocks of a page that hold commands."""
    return [block for block in blocks(page) if block.language == "sh"]
