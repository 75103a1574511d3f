"""The commands; each does its work elsewhere and says here how it ended."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from ottermark import __version__
from ottermark.assignment import OTTER_TESTS, Question
from ottermark.errors import CheckFailedError, UsageError

if TYPE_CHECKING:
    from ottermark.batch.run import Change

MASTERS = Path("assignment")
ATTACKS = Path("tests/security/attacks")
MOST_ROWS = 60

_out = Console()
_err = Console(stderr=True)


class _Group(click.Group):
    """Turns the two expected endings into exit statuses and plain sentences."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except UsageError as problem:
            click.echo(f"Error: {problem}", err=True)
            sys.exit(2)
        except CheckFailedError as failed:
            for sentence in failed.problems:
                click.echo(f"Error: {sentence}", err=True)
            sys.exit(1)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="ottermark")
def main() -> None:
    """Build, prove and grade Otter Assign labs."""


@main.command()
@click.argument("master", type=click.Path(path_type=Path), required=False)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="Where student/, autograder/ and solutions/ go.  [default: here]",
)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if what stands is stale.")
@click.option(
    "--question", metavar="ID", help="Prove this question alone, in seconds; write nothing."
)
def build(master: Path | None, out: Path, check: bool, question: str | None) -> None:
    """Split MASTER into student version, autograder and solutions, and prove them.

    MASTER is an Otter Assign (v1 format) notebook; the default is the one in assignment/.
    Nothing is replaced unless the master has no slip, the solution runs to the end and earns
    every automatic point, the blank notebook none, and nothing hidden is in the student folder.
    """
    from ottermark.python_source import code_cells, modules
    from ottermark.sandbox.sandbox import starting

    if check and question:
        raise UsageError("--check is about all questions; leave out --question.")
    master = master or _only_master()
    first = [OTTER_TESTS]
    if question is None:  # else only what its cells need, once these are known
        first += modules(code_cells(master))
    with _err.status("starting") as status, starting(first, trusted=True) as sandbox:
        # slow imports, beside those of the process that is starting
        from ottermark.authoring.build import build as run_build
        from ottermark.authoring.build import prove_question

        if question:
            proven = prove_question(master, out, question, sandbox, status.update)
        else:
            built = run_build(master, out, check, sandbox, status.update)
    if question:
        _tell_inside(proven.question)
        _out.print(
            f"[bold]{question}[/]: the solution earns all {proven.question.points:g} points, the "
            f"blank notebook 0. {proven.cells} of {proven.of} code cells were run; nothing was written.",
            highlight=False,
        )
        return
    for each in built.assignment.questions:
        _tell_inside(each)
    for warning in (*built.raised, *built.ignored):
        click.echo(f"Warning: {warning}", err=True)
    points = built.assignment.max_score
    by_hand = sum(q.points for q in built.assignment.questions if q.manual)
    if check:
        if built.changed:
            stale = [f"{out / name} is stale; run `ottermark build`." for name in built.changed]
            raise CheckFailedError(*stale)
        _out.print("Everything is fresh: a build would change nothing.")
        return
    _out.print(
        f"[bold]{built.assignment.name}[/]: {len(built.assignment.questions)} questions, "
        f"{points:g} points by tests, {by_hand:g} by hand."
    )
    to_the_end = "the solution runs" if built.raised else "both run"
    _out.print(f"The solution earns all {points:g}, the blank notebook 0; {to_the_end} to the end.")
    _out.print(f"{len(built.changed)} files changed." if built.changed else "No file changed.")
    for name, what in (
        ("student", "for students"),
        ("autograder/autograder.zip", "for Gradescope"),
        ("solutions", "for staff"),
    ):
        _out.print(f"  {out / name}  [dim]{what}[/]", highlight=False)


def _tell_inside(question: Question) -> None:
    if question.inside:
        click.echo(
            f"Warning: {question.id} will be graded inside the students' process, unprotected: "
            f"{question.inside}.",
            err=True,
        )


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        raise UsageError(f"{path} is a link that leads nowhere; name the file itself.") from None


def _only_master() -> Path:
    found = sorted(MASTERS.glob("*.ipynb"))
    if len(found) == 1:
        return found[0]
    many = "no notebook" if not found else f"{len(found)} notebooks"
    raise UsageError(f"{MASTERS}/ holds {many}; name the master notebook.")


@main.command()
@click.argument("submission", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "-a",
    "--autograder",
    type=click.Path(path_type=Path),
    default=Path("autograder"),
    show_default=True,
    help="An autograder folder or zip that `ottermark build` made.",
)
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("grades"),
    show_default=True,
    help="Where grades, feedback and the report go.",
)
@click.option("-j", "--jobs", type=click.IntRange(1), help="How many at once.  [default: cores]")
@click.option(
    "--isolation",
    type=click.Choice(["userns", "uid", "none"]),
    envvar="OTTERMARK_ISOLATION",
    help="The walls around students' code.  [default: the best there are; see `ottermark doctor`]",
)
@click.option(
    "--limit",
    "limits",
    multiple=True,
    metavar="NAME=NUMBER",
    help="Change a limit, e.g. cell=60 (seconds) or memory=1G; can be given again.",
)
@click.option(
    "--dask",
    metavar="ADDRESS",
    help="Grade on the Dask cluster whose scheduler is there, e.g. tcp://10.0.0.1:8786.",
)
@click.option("-y", "--yes", is_flag=True, help="Write a regrade over earlier grades unasked.")
def grade(
    submission: tuple[Path, ...],
    autograder: Path,
    out: Path,
    jobs: int | None,
    isolation: str | None,
    limits: tuple[str, ...],
    dask: str | None,
    yes: bool,
) -> None:
    """Grade each SUBMISSION: a notebook, one of Otter's zips, or a folder of them.

    The folder or zip may be a download from Gradescope, Canvas or Moodle. A run that was stopped
    goes on where it was; what was graded before is kept while neither the submission nor the
    autograder has changed. A regrade shows what changes for whom before it overwrites.
    """
    from ottermark.batch.local_executor import default_jobs
    from ottermark.batch.run import BatchOptions, called, grade_all, write_tables
    from ottermark.grading.autograder import open_autograder
    from ottermark.sandbox.sandbox import Limits, Sandbox
    from ottermark.submissions.collect import collect

    if dask and jobs:
        raise UsageError("--jobs is for this machine; leave it out with --dask.")
    Limits().with_changes(limits)  # a slip is told before anything is read
    paths = [_resolved(path) for path in submission]
    out = out.resolve()

    def say(text: str) -> None:
        _err.print(text, markup=False, highlight=False, soft_wrap=True)

    def started(sandbox: Sandbox) -> None:
        if isolation is None and (warning := sandbox.warning("these marks")):
            say(warning)

    with (
        open_autograder(autograder) as grader,
        collect(paths, grader.assignment.notebook) as intake,
        _progress(len(intake.sheets)) as (bar, advance),
    ):
        for left in intake.superseded:
            say(f"Not graded: {called(left.path)}; {left.by.name} counts, {left.why}.")
        for gone in intake.parted:
            say(
                f"Does not count for {gone.student.called}: {gone.of.name}; {gone.by.name} does, "
                f"{gone.why}."
            )

        def approve(changes: Sequence[Change]) -> bool:
            bar.stop()
            _out.print(_change_table(changes))
            return yes or not sys.stdin.isatty() or click.confirm("Write this over what stands?")

        wishes = BatchOptions(
            jobs=jobs or default_jobs(),
            limits=Limits().with_changes([*grader.options.limits, *limits]),
            isolation=isolation,
            dask=dask,
            done=advance,
            started=started,
            say=say,
            approve=approve,
        )
        outcome = grade_all(intake, grader, out, wishes)
        bar.stop()
        with _err.status("writing the tables"):
            write_tables(out, grader, intake, outcome.bodies)
    bodies = outcome.bodies
    if len(bodies) <= MOST_ROWS:
        _out.print(_table(bodies))
    counts = Counter(body["extra_data"]["status"] for body in bodies)
    said = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    kept = f" ({outcome.kept} kept from an earlier run)" if outcome.kept else ""
    _out.print(f"{said}{kept}.")
    if not outcome.approved:
        _out.print(
            "What stood before stands: nothing was overwritten. The new results are kept; the same "
            "command asks again, without grading again."
        )
    for title, name in (
        ("Changes", "changes.csv" if outcome.changes else ""),
        ("Grades", "grades.csv"),
        ("Feedback", "feedback"),
        ("Report", "report.html"),
    ):
        if name:
            _out.print(f"{title}: {out / name}", highlight=False, soft_wrap=True)


@main.command()
@click.option(
    "-a",
    "--autograder",
    type=click.Path(path_type=Path),
    default=Path("autograder"),
    show_default=True,
    help="The autograder whose memory is measured.",
)
def doctor(autograder: Path) -> None:
    """Say which walls this machine gives, and what a Gradescope container would need."""
    from ottermark import doctor as examine
    from ottermark.grading.autograder import open_autograder

    with _err.status("putting up walls"):
        walls = examine.walls()
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("isolation", "stands", "layers, or what is in the way"):
        table.add_column(column, overflow="fold")
    for wall in walls:
        stands = "no" if wall.problem else "yes"
        table.add_row(wall.mode, stands, wall.problem or ", ".join(wall.layers))
    _out.print(table)
    best = next(wall.mode for wall in walls if wall.problem is None)
    _out.print(f"`ottermark grade` uses [bold]{best}[/] here; Gradescope gives uid.")
    if sys.platform == "linux" and autograder.exists():
        with _err.status("starting a notebook"), open_autograder(autograder) as grader:
            memory = examine.memory(grader)
        _out.print(
            f"{grader.assignment.name} takes {memory.grader / 1e6:,.0f} MB for the grader and "
            f"{memory.notebook / 1e6:,.0f} MB for a notebook's imports. The smallest "
            f"Gradescope container that leaves {examine.WORK / 1e6:,.0f} MB for its work has "
            f"{memory.tier[0]:g} CPU and {memory.tier[1]:g} GB.",
            highlight=False,
        )
    if best == "none":
        raise CheckFailedError(
            "No wall stands here: marks that are given on this machine are unprotected."
        )


@main.command()
@click.option(
    "--corpus",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=Path("assignment/corpus"),
    show_default=True,
    help="Holds wrong/, right/, dress/ and legal.py.",
)
@click.option(
    "-a",
    "--autograder",
    type=click.Path(path_type=Path),
    default=Path("autograder"),
    show_default=True,
    help="An autograder folder or zip that `ottermark build` made.",
)
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("docs/audit.md"),
    show_default=True,
    help="The page to write.",
)
@click.option("-j", "--jobs", type=click.IntRange(1), help="How many at once.  [default: cores]")
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
        with _progress(len(sheets)) as (_, advance):
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
            with _err.status("grading hostile sheets; this takes some minutes"):
                best = next(wall.mode for wall in doctor.walls() if wall.problem is None)
                won = hostile.fight_all(project, ATTACKS.resolve(), best)
        found = auditing.Audit(tuple(verdicts), tuple(harmless), won)
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(auditing.page(found, grader), encoding="utf-8")
    for title in ("missed", "falsely rejected"):
        for verdict in found.of(title):
            where = verdict.answer.path or f"mutant of {verdict.answer.question}"
            told = f"{title}: {where} ({verdict.answer.name}), {verdict.score:g} points"
            _out.print(told, markup=False, highlight=False, soft_wrap=True)
    counts = {o: len(found.of(o)) for o in ("caught", "missed", "accepted", "falsely rejected")}
    for name, gains in (won or {}).items():
        if gains:
            _out.print(f"attack: {name}: {'; '.join(gains)}", markup=False, soft_wrap=True)
    misnamed = sum(v.misnamed for v in verdicts)
    said = ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
    _out.print(f"{said}, {misnamed} misnamed.")
    if won is not None:
        _out.print(f"{sum(not gains for gains in won.values())} of {len(won)} hostile sheets held.")
    _out.print(f"Page: {out}", highlight=False, soft_wrap=True)
    if not found.holds:
        raise CheckFailedError(f"The grader is wrong on some answers; see {out}.")


@main.command()
@click.option("--seeds", type=click.IntRange(1), default=200, show_default=True, help="Runs each.")
@click.option("--only", multiple=True, metavar="DESIGN", help="This design; can be given again.")
@click.option("-j", "--jobs", type=click.IntRange(1), help="How many at once.  [default: cores]")
@click.option("--check", is_flag=True, help="Train nothing; exit 1 if runs are lacking or stale.")
def calibrate(seeds: int, only: tuple[str, ...], jobs: int | None, check: bool) -> None:
    """Train what students hand in over many seeds, and say which pass marks hold.

    The designs and the marks in force are in assignment/calibration/, and so are the runs. A run
    that was stopped goes on where it was. Exits 1 if a mark in force does not hold.
    """
    from ottermark.batch.local_executor import default_jobs
    from ottermark.calibration import summary
    from ottermark.calibration.runs import run_all

    folder = MASTERS / "calibration"
    if not check:
        run_all(folder, seeds, only, jobs or default_jobs())

    def say(text: str) -> None:
        _out.print(text, markup=False, highlight=False, soft_wrap=True)

    summary.calibrate(folder, check, seeds, say)
    say(f"Picture: {folder / 'calibration.svg'}")


@contextmanager
def _progress(total: int) -> Iterator[Any]:
    columns = (
        TextColumn("grading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=_err) as bar:
        task = bar.add_task("starting Python for the notebooks", total=total)

        def advance(body: dict[str, Any], _kept: bool) -> None:
            told = body["extra_data"]
            bar.update(task, advance=1, description=told["submission"])
            if told["status"] == "rejected":
                bar.console.print(
                    f"rejected: {body['tests'][0]['output']}",
                    markup=False,
                    highlight=False,
                    soft_wrap=True,
                )

        yield bar, advance


def _change_table(changes: Sequence[Change]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False, title="What grading again changes")
    table.add_column("submission")
    table.add_column("before", justify="right")
    table.add_column("now", justify="right")
    table.add_column("in", overflow="fold")
    for change in changes[:MOST_ROWS]:
        where = [
            f"{name} {change.before.get(name, '–')} → {change.after.get(name, '–')}"
            for name in change.columns
            if name != "score"
        ]
        score = change.before["score"], change.after["score"]
        table.add_row(change.submission, *score, ", ".join(where))
    if (more := len(changes) - MOST_ROWS) > 0:
        table.add_row(f"and {more} more, see changes.csv")
    return table


def _table(bodies: Sequence[dict[str, Any]]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("submission")
    table.add_column("status")
    table.add_column("score", justify="right")
    table.add_column("of", justify="right")
    table.add_column("points lost in", overflow="fold")
    for body in bodies:
        told = body["extra_data"]
        lost = [t["number"] for t in body["tests"] if "number" in t and t["score"] < t["max_score"]]
        where = " ".join(lost) if body["score"] else "everything"
        table.add_row(
            told["submission"],
            told["status"],
            f"{body['score']:g}",
            f"{told['max_score']:g}",
            where if told["status"] != "rejected" else "",
        )
    return table
