"""``ottermark audit``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ottermark.cli.console import err_console, print_plain
from ottermark.cli.options import autograder_option, jobs_option
from ottermark.cli.progress import grading_progress
from ottermark.errors import CheckFailedError, UsageError

if TYPE_CHECKING:
    from ottermark.audit.audit import Audit, Outcome

ATTACKS = Path("tests/security/attacks")
REWRITES = 44  # of 14 questions, with those of trained nets, are enough for the bounds


@click.command()
@click.option(
    "--corpus",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=Path("assignment/corpus"),
    show_default=True,
    help="The folder with wrong/, right/, whole_submissions/ and oracle.py.",
)
@autograder_option
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("docs/audit.md"),
    show_default=True,
    help="The page to write.",
)
@jobs_option
@click.option("--mutants/--no-mutants", default=True, help="Also grade mutants of right answers.")
@click.option(
    "--rewrites",
    type=click.IntRange(min=0),
    default=REWRITES,
    show_default=True,
    help="How many rewrites of right answers to grade, for each question.",
)
@click.option("--attacks/--no-attacks", default=True, help="Also grade the attack submissions.")
def audit(
    corpus: Path,
    autograder: Path,
    out: Path,
    jobs: int | None,
    mutants: bool,
    rewrites: int,
    attacks: bool,
) -> None:
    """Grade the grader: wrong answers must lose points, right ones must not, attacks gain nothing.

    Exits 1 if an answer is wrongly accepted or wrongly rejected, a hint is wrong, or an attack gains
    something.
    """
    from ottermark.audit.audit import Audit, combine, grade_answers
    from ottermark.audit.generation import generate_answers
    from ottermark.audit.page import format_page
    from ottermark.batch.local_executor import default_jobs
    from ottermark.grading.autograder import open_autograder

    os.environ.setdefault(
        "TF_CPP_MIN_LOG_LEVEL", "3"
    )  # TensorFlow would print between the progress
    project = Path.cwd()
    solution = _only_notebook(project / "solutions")
    _only_notebook(project / "student")
    with open_autograder(autograder) as grader:
        answers = generate_answers(
            corpus.resolve(),
            grader.assignment,
            solution,
            mutants=None if mutants else 0,
            rewrites=rewrites,
        )
        names = {question.id: question.names for question in grader.assignment.automatic}
        submissions = combine(answers.all, names)
        folder = project / "build" / "audit"
        with grading_progress(len(submissions), err_console) as advance:
            graded = grade_answers(
                submissions,
                grader,
                project,
                folder,
                jobs or default_jobs(),
                advance,
                answers.oracle,
            )
        result = Audit(
            graded.verdicts,
            answers.equivalent,
            _run_attacks(project) if attacks and ATTACKS.is_dir() else None,
            (*answers.refuted, *graded.refuted),
            answers.nets,
            graded.seconds,
        )
        _write_page(out, format_page(result, grader.assignment))
    _print_errors(result)
    _print_totals(result)
    print_plain(f"Page: {out}")
    if not result.passed:
        raise CheckFailedError(
            f"The grader, a hint or a rewrite is wrong on some answers, or an attack gained something; "
            f"see {out}, and fix the tests, misconceptions or rewrites named there."
        )


def _only_notebook(folder: Path) -> Path:
    notebooks = list(folder.glob("*.ipynb"))
    if len(notebooks) != 1:
        raise UsageError(
            f"{folder} holds {len(notebooks) or 'no'} notebooks instead of one; run "
            "`ottermark build` first."
        )
    return notebooks[0]


def _run_attacks(project: Path) -> dict[str, list[str]]:
    """Grade all attacks in the best isolation that this machine has; return what each gained."""
    from ottermark import doctor
    from ottermark.audit import attacks

    with err_console.status("grading attack submissions; this takes some minutes"):
        return attacks.run_attacks(project, ATTACKS.resolve(), doctor.best_isolation())


def _write_page(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written ({error.strerror}); name another page with -o."
        ) from None


def _print_errors(audit: Audit) -> None:
    """Print a line for each error of the grader and for each attack that gained something."""
    from ottermark.audit.audit import Outcome

    for outcome in (Outcome.WRONGLY_ACCEPTED, Outcome.WRONGLY_REJECTED):
        for verdict in audit.with_outcome(outcome):
            answer = verdict.answer
            origin = answer.path or f"{answer.kind} of {answer.question} ({answer.name})"
            print_plain(f"{outcome}: {origin}, {verdict.score:g} points")
    for verdict in audit.verdicts:
        for id in sorted(verdict.hints.false):
            answer = verdict.answer
            print_plain(f"false hint: {answer.kind} of {answer.question} ({answer.name}), {id}")
    for answer in audit.refuted:
        print_plain(f"refuted: rewrite of {answer.question} ({answer.name})")
    for name, gains in (audit.attacks or {}).items():
        if gains:
            print_plain(f"attack: {name}: {'; '.join(gains)}")


def _print_totals(audit: Audit) -> None:
    from ottermark.audit.audit import Outcome
    from ottermark.audit.page import describe_hints, describe_rewrites

    def count(outcome: Outcome) -> int:
        return len(audit.with_outcome(outcome))

    misconceptions = sum(verdict.has_wrong_misconception for verdict in audit.verdicts)
    print_plain(
        f"Wrong answers and mutants: {count(Outcome.REJECTED)} rejected, "
        f"{count(Outcome.WRONGLY_ACCEPTED)} wrongly accepted, "
        f"{misconceptions} with a wrong misconception."
    )
    print_plain(
        f"Right answers: {count(Outcome.ACCEPTED)} accepted, "
        f"{count(Outcome.WRONGLY_REJECTED)} wrongly rejected."
    )
    for name, rate in (
        ("Right answers wrongly rejected", audit.rejection_rate()),
        ("Wrong answers wrongly accepted", audit.acceptance_rate()),
    ):
        if rate.answers:
            print_plain(
                f"{name}: {rate.errors} of {rate.answers}; at most {rate.upper_bound:.2%} "
                "(exact one-sided 95% bound)."
            )
    print_plain(describe_rewrites(audit))
    print_plain(describe_hints(audit))
    if audit.attacks is not None:
        as_expected = sum(not gains for gains in audit.attacks.values())
        print_plain(f"Attacks: {as_expected} of {len(audit.attacks)} ended as they should.")
