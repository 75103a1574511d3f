"""The page of the solved notebook: it needs no network, and shows nothing of Otter Assign's syntax.

nbconvert renders the cells, without its style and its scripts. Formulas become MathML, and each picture has
an alternative text: that of the output's or the cell's metadata (``alt``), or else what the code writes
onto the picture.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator
from typing import Any

from bs4 import BeautifulSoup
from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from markupsafe import Markup
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from otter.assign.solutions import ANSWER_CELL_TAG

from ottermark.formulas import formula_html
from ottermark.page_style import CODE_STYLE, FORMULA_STYLE
from ottermark.python_source import parse, without_magics
from ottermark.submissions.grading_places import heading_above

_QUESTION_COMMENT = re.compile(r"<!-- *(?:BEGIN|END) QUESTION *-->\s*")
_PROMPT_BLOCK = re.compile(r"(?ms)^[^\n]*# BEGIN PROMPT[ \t]*$.*?# END PROMPT[ \t]*$\n?")
_TAG_LINE = re.compile(r"(?m)^[ \t]*# ?(?:BEGIN|END) (?:SOLUTION(?: NO PROMPT)?|IGNORE)[ \t]*$\n?")
_TAG_AT_END = re.compile(r"(?m)[ \t]*# ?(?:SOLUTION(?: NO PROMPT)?|SEED|IGNORE)[ \t]*$")
_LABELLED_BY = {
    *("title", "suptitle", "set_title", "xlabel", "ylabel", "set_xlabel", "set_ylabel", "set_label")
}


def solution_page(notebook: Any, title: str) -> str:
    """Return the page of an executed solution.

    Args:
        notebook: in nbformat 4.
        title: of the page.
    """
    shown = _prepare(notebook)
    exporter = _Exporter(
        template_name="basic", exclude_input_prompt=True, exclude_output_prompt=True
    )
    html, _ = exporter.from_notebook_node(shown)
    return render_template("solution.html.j2", title=title, cells=Markup(_accessible(html)))


def author_markdown(source: str, attachments: Any = None) -> Markup:
    """Return Markdown of the author as HTML, with HTML of its own and with formulas as MathML."""
    renderer = _Renderer(escape=False, exclude_anchor_links=True, attachments=attachments or {})
    return Markup(MarkdownWithMath(renderer=renderer).render(_QUESTION_COMMENT.sub("", source)))


def render_template(name: str, **context: Any) -> str:
    """Return the page that one of the templates of this package gives."""
    environment = Environment(
        loader=PackageLoader("ottermark.authoring"), autoescape=True, undefined=StrictUndefined
    )
    style = Markup(CODE_STYLE + FORMULA_STYLE)
    return environment.get_template(name).render(style=style, **context) + "\n"


def without_otter_tags(source: str) -> str:
    """Return code without the comments by which Otter Assign knows solutions and prompts."""
    for tag in (_PROMPT_BLOCK, _TAG_LINE, _TAG_AT_END):
        source = tag.sub("", source)
    return source.strip("\n")


class _Renderer(IPythonRenderer):
    """Renders Markdown as nbconvert does, but for formulas."""

    def block_math(self, body: str) -> str:
        return formula_html(body, display=True)

    def inline_math(self, body: str) -> str:
        return formula_html(body)

    def latex_environment(self, name: str, body: str) -> str:
        return formula_html(rf"\begin{{{name}}}{body}\end{{{name}}}", display=True)


class _Exporter(HTMLExporter):
    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        return author_markdown(source, context.get("cell", {}).get("attachments"))


# ----------------------------------------------------------------------------- the cells


def _prepare(notebook: Any) -> Any:
    """Return a copy that holds what the page is to show."""
    notebook = copy.deepcopy(notebook)
    notebook.cells = [cell for cell in notebook.cells if _is_shown(cell)]
    for index, cell in enumerate(notebook.cells):
        cell.metadata.pop("tags", None)
        if cell.cell_type == "code":
            cell.source = without_otter_tags(cell.source)
            alternative = _describe_picture(notebook, index)
            for output in cell.outputs:
                _prepare_output(output, alternative)
    return notebook


def _is_shown(cell: Any) -> bool:
    """Tell whether a cell holds more than tags and the place of a written answer."""
    if ANSWER_CELL_TAG in cell.metadata.get("tags", ()):
        return False
    return bool(_QUESTION_COMMENT.sub("", without_otter_tags(cell.source)).strip())


def _prepare_output(output: Any, alternative: str) -> None:
    data = output.get("data", {})
    if "text/latex" in data and "text/html" not in data:
        latex = data["text/latex"].strip()
        data["text/html"] = str(formula_html(latex.strip("$"), display=latex.startswith("$$")))
    for mime in data:
        if mime.startswith("image/"):
            output.metadata.setdefault(mime, {}).setdefault("alt", alternative)


def _describe_picture(notebook: Any, index: int) -> str:
    """Return an alternative text for the pictures that a cell draws."""
    cell = notebook.cells[index]
    if cell.metadata.get("alt"):
        return str(cell.metadata["alt"])
    labels = list(dict.fromkeys(_labels(cell.source)))
    if labels:
        return f"Plot with the labels {', '.join(labels)}"
    heading = heading_above(notebook.cells, index)
    return f"Picture drawn by the code above{f', below the heading {heading}' if heading else ''}"


def _labels(source: str) -> Iterator[str]:
    """Yield the texts that code gives to titles and axes of a plot."""
    try:
        tree = parse(without_magics(source))
    except SyntaxError:
        return
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(attr=name) | ast.Name(id=name),
                args=[ast.Constant(value=str(text)), *_],
            ) if name in _LABELLED_BY:
                yield text


def _accessible(html: str) -> str:
    """Return the cells with what a screen reader and a keyboard need."""
    soup = BeautifulSoup(html, "html.parser")
    for header in soup.find_all("th"):
        if not header.get_text(strip=True):  # the corner of a data frame
            header.name = "td"
    for output in soup.select(".output_html"):
        output["tabindex"] = "0"  # it may be too wide, and is then scrolled
    for picture in soup.select("img"):
        picture["alt"] = picture.get("alt") or ""
    return str(soup)
