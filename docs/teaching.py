"""The parts of ``docs/teachers.md`` that are made from the lab's own files.

``assignment/teaching.yaml`` has the aims, the minutes and what to ask. Titles, points, the names of mistakes
and the descriptions of the pictures come from where they are kept for grading.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, Field

from ottermark.assignment import RUBRICS_FILE, Assignment, Question
from ottermark.errors import UsageError
from ottermark.grading.misconceptions import MisconceptionCatalogue
from ottermark.rubric import read_rubrics
from ottermark.validation import STRICT, suggest_name, validate

TEACHING_FILE = "teaching.yaml"
FIGURES = "figures"
SLIDES = "img/lab"  # in docs/


class _Step(BaseModel):
    model_config = STRICT

    where: str = Field(min_length=1)
    sections: list[int] = Field(min_length=1)


class _Plan(BaseModel):
    model_config = STRICT

    name: str = Field(min_length=1)
    steps: list[_Step] = Field(min_length=1)


class _QuestionNotes(BaseModel):
    model_config = STRICT

    aim: str = Field(min_length=1)
    minutes: int = Field(gt=0)
    ask: str = Field(min_length=1)
    mistakes: list[str] = []
    others: list[str] = []


class _Teaching(BaseModel):
    model_config = STRICT

    reading: dict[int, int]
    plans: list[_Plan] = Field(min_length=1)
    questions: dict[str, _QuestionNotes]


@dataclass(frozen=True)
class _Section:
    """A row of the table at the head of the notebook; ``Setting up`` is number 0."""

    number: int
    title: str
    minutes: int


class Lab:
    """The files of a lab from which the page for teachers is made."""

    def __init__(
        self, folder: Path, assignment: Assignment, catalogue: MisconceptionCatalogue
    ) -> None:
        """Read them; raises ``UsageError`` with a sentence for each thing that does not fit."""
        self._path = folder / TEACHING_FILE
        self._assignment = assignment
        self._texts = _texts(folder / assignment.notebook)
        self._sections = {section.number: section for section in _sections(self._texts)}
        self._mistakes = {
            question: {pattern.listed.id: pattern.listed.name for pattern in entry.patterns}
            for question, entry in catalogue.questions.items()
        }
        for question, rubric in read_rubrics(folder / RUBRICS_FILE, assignment).items():
            losing = {item.id: item.text for item in rubric.items if item.points < 0}
            self._mistakes[question] = losing
        data = yaml.safe_load(self._path.read_text(encoding="utf-8"))
        self._teaching = validate(_Teaching, data, self._path)
        problems = [f"{self._path}, {problem}." for problem in self._problems()]
        if problems:
            raise UsageError(*problems)

    def _problems(self) -> Iterator[str]:
        notes = self._teaching.questions
        known = [question.id for question in self._assignment.questions]
        for id in known:
            if id not in notes:
                yield f"questions: {id} is missing; add it"
        for id, entry in notes.items():
            if id not in known:
                yield f"questions, {id}: there is no such question; {suggest_name(id, known)}"
                continue
            names = self._mistakes.get(id, {})
            for mistake in entry.mistakes:
                if mistake not in names:
                    fix = suggest_name(mistake, names)
                    yield f'questions, {id}: there is no mistake "{mistake}"; {fix}'
            if not entry.mistakes and not entry.others:
                yield f"questions, {id}: no mistake is named; add one"
        yield from self._wrong_minutes()
        for plan in self._teaching.plans:
            planned = sorted(number for step in plan.steps for number in step.sections)
            if planned != sorted(self._sections):
                yield f'plans, "{plan.name}": let it hold each section once'

    def _wrong_minutes(self) -> Iterator[str]:
        reading, notes = self._teaching.reading, self._teaching.questions
        if sorted(reading) != sorted(self._sections):
            yield f"reading: let it hold the sections {', '.join(map(str, self._sections))}"
            return
        for number, section in self._sections.items():
            questions = [notes[q.id].minutes for q in self._questions(section) if q.id in notes]
            total = reading[number] + sum(questions)
            if total != section.minutes:
                yield (
                    f"section {number}: the minutes add up to {total}, and the notebook says "
                    f"{section.minutes}; change reading or questions"
                )

    def _questions(self, section: _Section) -> list[Question]:
        return [q for q in self._assignment.questions if q.id.startswith(f"q{section.number}_")]

    def sections_table(self) -> str:
        """Return the table of the sections, with their minutes and points."""
        rows = [
            "| section | minutes | of these, reading | questions | points |",
            "|---|---|---|---|---|",
        ]
        for number, section in self._sections.items():
            questions = self._questions(section)
            cells = [section.title, section.minutes, self._teaching.reading[number]]
            cells += [len(questions) or "", sum(q.points for q in questions) or ""]
            rows.append(f"| {' | '.join(map(str, cells))} |")
        minutes = sum(section.minutes for section in self._sections.values())
        questions = list(self._assignment.questions)
        points = sum(question.points for question in questions)
        reading = sum(self._teaching.reading.values())
        return "\n".join(
            [*rows, f"| **all** | {minutes} | {reading} | {len(questions)} | {points} |", ""]
        )

    def plans_list(self) -> str:
        """Return the ways to spread the sections, with the minutes of each step."""
        return "".join(
            f"- **{plan.name}.** {self._steps(plan)}.\n" for plan in self._teaching.plans
        )

    def _steps(self, plan: _Plan) -> str:
        steps = "; ".join(
            f"{step.where}: {_named(step.sections)} ({self._minutes(step)} minutes)"
            for step in plan.steps
        )
        return _sentence(steps)

    def _minutes(self, step: _Step) -> int:
        return sum(self._sections[number].minutes for number in step.sections)

    def questions_list(self) -> str:
        """Return what there is to say of each question, by section."""
        parts = []
        for section in self._sections.values():
            questions = self._questions(section)
            if questions:
                parts.append(f"### {section.title}\n")
                parts += [self._question(question) for question in questions]
        return "\n".join(parts)

    def _question(self, question: Question) -> str:
        notes = self._teaching.questions[question.id]
        title = _title(question)
        points = f"{question.points} point{'s' if question.points != 1 else ''}"
        kind = ", written" if question.manual else ""
        names = [self._mistakes[question.id][id] for id in notes.mistakes]
        mistakes = " · ".join(text.strip().rstrip(".") for text in [*names, *notes.others])
        return (
            f"**{title}** (`{question.id}`, {points}{kind}, about {notes.minutes} min)\n\n"
            f"- Aim: students can {notes.aim}.\n- Mistakes: {mistakes}.\n- Ask: *{notes.ask}*\n"
        )

    def pictures_list(self) -> str:
        """Return the pictures for slides, each with what describes it in the notebook."""
        shown = [
            (alt, name)
            for text in self._texts
            for alt, name in re.findall(rf"!\[([^\]]*)\]\({FIGURES}/(\w+)\.png\)", text)
        ]
        return "\n".join(
            f"![The picture {name}, which the text below it describes]({SLIDES}/{name}.svg)\n\n"
            f"`docs/{SLIDES}/{name}.svg`: {alt}\n"
            for alt, name in shown
        )


def _texts(notebook: Path) -> list[str]:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]


def _sections(texts: list[str]) -> Iterator[_Section]:
    """Yield the rows of the first table of the notebook."""
    overview = next(text for text in texts if "| section |" in text)
    for title, minutes in re.findall(r"^\| ([^|]+) \|.*\| (\d+) minutes \|$", overview, re.M):
        number = re.match(r"\d+", title)
        yield _Section(int(number[0]) if number else 0, title, int(minutes))


def _title(question: Question) -> str:
    """Return a heading as "2.3 A first response shape"."""
    number, _, title = question.title.removeprefix("Question ").partition(": ")
    return f"{number} {_sentence(title)}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _named(sections: list[int]) -> str:
    """Return sections as "Setting up and sections 2 and 3"."""
    first = ["Setting up"] if 0 in sections else []
    numbers = [str(number) for number in sections if number]
    if numbers:
        word = "sections" if len(numbers) > 1 else "section"
        first.append(f"{word} {_listed(numbers)}")
    return " and ".join(first)


def _listed(words: list[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
