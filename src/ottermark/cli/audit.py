"""``ottermark audit``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ottermark.cli.console import err_console, out_console
from ottermark.cli.options import autograder_option, jobs_option
from ottermark.cli.progress import grading_progress
from ottermark.errors import CheckFailedError, UsageError

if TYPE_CHECKING:
    pass

ATTACKS = Path("tests/security/attacks")


@click.command()
@click.option(
    "--corpus",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=Path("assignment/corpus"),
    show_default=True,
    help="Holds wrong/, right/, dress/ and legal.py.",
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
@click.option("--mutants/--no-mutants", default=True, help="Also mutate the solution.")
@click.option("--attacks/--no-attacks", default=True, help="Also grade the hostile sheets.")
def audit(
    corpus: Path, autograder: Path, out: Path, jobs: int | None, mutants: bool, attacks: bool
) -> None:
    """Grade the grader: wrong answers must lose points, right ones must not, attacks get nothing.

    Exits 1 if a wrong answer is missed, a right one rejected or an attack gets through.
    """
    from ottermark import doctor
    from ottermark.audit import attacks as hostile
    from ottermark.audit import audit as auditing
    from ottermark.batch.local_executor import default_jobs
    from ottermark.grading.autograder import open_autograder

    project = Path.cwd()
    solutions = list((project / "solutions").glob("*.ipynb"))
    if len(solutions) != 1 or not list((project / "student").glob("*.ipynb")):
        raise UsageError("student/ and solutions/ are not here; run `ottermark build` first.")
    with open_autograder(autograder) as grader:
        answers = auditing.read_corpus(corpus.resolve(), grader)
        wrong, harmless = auditing.mutated(solutions[0], corpus) if mutants else ([], [])
        sheets = auditing.sheets([*answers, *wrong])
        with grading_progress(len(sheets)) as advance:
            verdicts = auditing.audit(
                sheets,
                grader,
                project,
                project / "build" / "audit",
                jobs or default_jobs(),
                advance,
            )
        won = None
        if attacks and ATTACKS.is_dir():
            with err_console.status("grading hostile sheets; this takes some minutes"):
                best = doctor.best_isolation()
                won = hostile.run_attacks(project, ATTACKS.resolve(), best)
        found = auditing.Audit(tuple(verdicts), tuple(harmless), won)
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(auditing.page(found, grader), encoding="utf-8")
    for title in ("missed", "falsely rejected"):
        for verdict in found.of(title):
            where = verdict.answer.path or f"mutant of {verdict.answer.question}"
            told = f"{title}: {where} ({verdict.answer.name}), {verdict.score:g} points"
            out_console.print(told, markup=False, highlight=False, soft_wrap=True)
    counts = {o: len(found.of(o)) for o in ("caught", "missed", "accepted", "falsely rejected")}
    for name, gains in (won or {}).items():
        if gains:
            out_console.print(f"attack: {name}: {'; '.join(gains)}", markup=False, soft_wrap=True)
    misnamed = sum(v.misnamed for v in verdicts)
    said = ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
    out_console.print(f"{said}, {misnamed} misnamed.")
    if won is not None:
        out_console.print(
            f"{sum(not gains for gains in won.values())} of {len(won)} hostile sheets held."
        )
    out_console.print(f"Page: {out}", highlight=False, soft_wrap=True)
    if not found.holds:
        raise CheckFailedError(f"The grader is wrong on some answers; see {out}.")
