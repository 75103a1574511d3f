"""The structure of Markdown and of pages, without their text: what a reader takes for the grader's."""

from __future__ import annotations

from html.parser import HTMLParser

from markdown_it import MarkdownIt

from ottermark.text import FAILED_MARK, HINT_MARK, PASSED_MARK

INWARD = ("#", "results/", "feedback/", "executed/", "grades.csv")
MARKS = (PASSED_MARK, FAILED_MARK, HINT_MARK)


def markdown_structure(markdown: str) -> tuple[list[str], list[int]]:
    """Return the types of all tokens but text and code, and the number of each verdict mark."""
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    tokens = parser.parse(markdown)
    types = [t.type for token in tokens for t in (token, *(token.children or ()))]
    structure = [t for t in types if t not in ("text", "text_special", "code_inline")]
    return structure, [markdown.count(mark) for mark in MARKS]


def page_structure(page: str) -> tuple[list[str], list[str], list[int]]:
    """Return the elements, the addresses outside, and the number of each mark, but not those of code."""
    elements = Elements(page)
    return elements.tags, elements.outward, [elements.text.count(mark) for mark in MARKS]


class Elements(HTMLParser):
    """The elements of a page.

    Attributes:
        tags: all but those of inline code, and those that colour a block of code.
        outward: the addresses of links that lead neither within the page nor into the output folder.
        text: all text but that of blocks of code.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.outward: list[str] = []
        self.text = ""
        self._in_block = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "code" and not (tag == "span" and self._in_block):
            self.tags.append(tag)
        self._in_block = self._in_block or tag == "pre"
        address = dict(attrs).get("href") or ""
        if tag == "a" and not address.startswith(INWARD):
            self.outward.append(address)

    def handle_endtag(self, tag: str) -> None:
        self._in_block = self._in_block and tag != "pre"

    def handle_data(self, data: str) -> None:
        if not self._in_block:
            self.text += data
