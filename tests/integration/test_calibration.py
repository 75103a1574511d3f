"""Runs, distributions and pass marks, on designs that need no training."""

from __future__ import annotations

import ast
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import PROJECT, ottermark

from ottermark.calibration.designs import read_designs
from ottermark.calibration.evaluation import pass_rate
from ottermark.calibration.marks import Condition, read_marks
from ottermark.calibration.plot import draw
from ottermark.calibration.proposal import REQUIRED_RATE, ProposedStep
from ottermark.calibration.runs import FIELDS, Run, read_runs
from ottermark.calibration.summary import (
    Summary,
    find_stale,
    format_question,
    summarize,
    write_summary,
)
from ottermark.calibration.tail import ExponentialTail
from ottermark.calibration.training import ENVIRONMENT, plan, train
from ottermark.errors import UsageError
from ottermark.sandbox.sandbox import make_environment

pytestmark = pytest.mark.slow

HEAD = """
import numpy as np
from ottermark.calibration import design
"""
DESIGNS = """
@design("q", kind="reference")
def fine(data, seed):
    return {"test_mse": 13 + 0.8 * np.random.normal()}

@design("q", kind="dishonest", runs=1)
def line(data, seed):
    return {"test_mse": 24.3}
"""
MARKS: dict[str, Any] = {
    "q": {
        "metric": "test_mse",
        "unit": 0.5,
        "architecture": [],
        "honesty_checks": ["test_mse > 6.5"],
        "steps": {"some": ["test_mse < 21"], "nearly all": ["test_mse < 17"]},
    }
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A calibration folder with two quick designs."""
    path = tmp_path / "assignment" / "calibration"
    path.mkdir(parents=True)
    write(path)
    return path


def write(folder: Path, designs: str = DESIGNS, marks: dict[str, Any] = MARKS) -> None:
    (folder / "designs.py").write_text(HEAD + designs)
    (folder / "marks.json").write_text(json.dumps(marks))


def fill(folder: Path, **samples: Any) -> None:
    """Write runs without training them."""
    designs = read_designs(folder)
    lines = [
        Run(name, designs[name].digest, seed, {"test_mse": float(value)}).to_csv()
        for name, values in samples.items()
        for seed, value in enumerate(values)
    ]
    (folder / "runs.csv").write_text(",".join(FIELDS) + "\n" + "".join(lines))


def train_all(folder: Path, seeds: int, only: tuple[str, ...] = (), jobs: int = 1) -> set[str]:
    """Train what is missing; return the names of the designs that were trained."""
    return {run.design for run in train(folder, plan(folder, seeds, only), jobs)}


def count_runs(folder: Path) -> dict[str, int]:
    return dict(Counter(run.design for run in read_runs(folder)))


# --------------------------------------------------------------------------------- training


def test_training_continues_and_is_reproducible(folder: Path) -> None:
    train_all(folder, 2)
    first = (folder / "runs.csv").read_text()
    assert count_runs(folder) == {"fine": 2, "line": 1}
    assert train_all(folder, 2) == set()
    train_all(folder, 4, jobs=2)
    both = (folder / "runs.csv").read_text()
    assert count_runs(folder) == {"fine": 4, "line": 1} and set(first.split()) < set(both.split())
    (folder / "runs.csv").unlink()
    train_all(folder, 4)
    assert (folder / "runs.csv").read_text() == both


@pytest.mark.parametrize("cut", [1, 5, 40])
def test_an_incomplete_row_is_trained_again(folder: Path, cut: int) -> None:
    fill(folder, fine=[13.25, 14.125], line=[24.3])
    train_all(folder, 2)
    whole = (folder / "runs.csv").read_bytes()
    (folder / "runs.csv").write_bytes(whole[:-cut])
    assert len(read_runs(folder)) < 3
    train_all(folder, 2)
    assert (folder / "runs.csv").read_text().count("\n") == 4 and count_runs(folder)["line"] == 1


def test_only_a_changed_design_is_trained_again(folder: Path) -> None:
    train_all(folder, 2)
    before = read_designs(folder)
    write(folder, DESIGNS.replace("24.3}", "25.5}  # nearer the truth"))
    after = read_designs(folder)
    assert before["fine"] == after["fine"] and before["line"].digest != after["line"].digest
    assert train_all(folder, 2) == {"line"}
    assert {r.metrics["test_mse"] for r in read_runs(folder) if r.design == "line"} == {25.5}


def test_what_changes_no_run_changes_no_digest(folder: Path) -> None:
    before = read_designs(folder)
    changed = DESIGNS.replace('"dishonest"', '"weaker"').replace("return {", "return  {  # x\n")
    write(folder, changed.replace("seed):\n", 'seed):\n    """What it is."""\n'))
    after = read_designs(folder)
    assert [d.digest for d in before.values()] == [d.digest for d in after.values()]
    with_helper = "\nWIDTH = 3\n" + DESIGNS.replace("24.3", "WIDTH")
    write(folder, with_helper)
    one = read_designs(folder)
    write(folder, with_helper.replace("WIDTH = 3", "WIDTH = 4"))
    two = read_designs(folder)
    assert one["fine"] == two["fine"] and one["line"] != two["line"]


def test_a_design_may_use_another(folder: Path) -> None:
    write(folder, DESIGNS + '\n@design("q", kind="weaker")\ndef worse(d, s): return line(d, s)\n')
    assert list(read_designs(folder)) == ["fine", "line", "worse"]
    assert train_all(folder, 1) == {"fine", "line", "worse"}


def test_one_design_can_be_trained_alone(folder: Path) -> None:
    train_all(folder, 3, only=("fine",))
    assert count_runs(folder) == {"fine": 3}
    with pytest.raises(UsageError, match="no design 'fin'; it has fine, line"):
        plan(folder, 3, only=("fin",))


def test_training_that_was_killed_continues(folder: Path) -> None:
    write(folder, "import time\n" + DESIGNS.replace("return {", "time.sleep(0.1); return {"))
    script = folder / "go.py"
    script.write_text(f"""
from pathlib import Path
from ottermark.calibration.training import plan, train
folder = Path({str(folder)!r})
if __name__ == "__main__":
    list(train(folder, plan(folder, 400)))
""")
    process = subprocess.Popen([sys.executable, str(script)], stderr=subprocess.DEVNULL)
    end = time.monotonic() + 120
    while len(read_runs(folder)) < 3 and time.monotonic() < end:
        time.sleep(0.05)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    workers = [int(pid) for pid in children.read_text().split()] if children.exists() else []
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    before = read_runs(folder)
    assert 3 <= len(before) < 400
    while any(Path(f"/proc/{pid}").exists() for pid in workers) and time.monotonic() < end:
        time.sleep(0.05)
    assert not any(Path(f"/proc/{pid}").exists() for pid in workers)  # no process is left behind
    train_all(folder, len(before) + 1)
    seeds = sorted(run.seed for run in read_runs(folder) if run.design == "fine")
    assert seeds == list(range(len(before) + 1))


def test_a_design_that_raises_is_named(folder: Path) -> None:
    write(folder, DESIGNS.replace("24.3", "1 / 0"))
    with pytest.raises(UsageError, match=r"line failed with seed 0 \(ZeroDivisionError"):
        train_all(folder, 1)


def test_workers_train_in_the_environment_of_notebooks() -> None:
    assert ENVIRONMENT.items() <= make_environment(Path()).items()


# ------------------------------------------------------------------------------- statistics


def test_the_tail_of_known_distributions() -> None:
    rng = np.random.default_rng(5)
    normal, exponential = 3.0902, 6.9078  # their 99.9 % quantiles
    for samples, quantile, most in (
        (rng.normal(size=(400, 200)), normal, 1.25),
        (rng.exponential(size=(400, 200)), exponential, 1.05),
    ):
        tails = ExponentialTail(samples)
        fitted = np.mean(tails.quantile(REQUIRED_RATE))
        assert quantile < fitted * 1.02 and fitted < most * quantile
        assert np.mean(tails.exceedance(quantile)) > 0.001 * 0.95


def test_a_heavy_tail_is_recognised() -> None:
    rng = np.random.default_rng(5)
    assert not ExponentialTail(rng.normal(size=200)).is_heavier()
    assert ExponentialTail(rng.standard_t(1.2, size=200)).is_heavier()
    wrong = sum(ExponentialTail(rng.exponential(size=200)).is_heavier() for _ in range(100))
    assert wrong <= 5  # at a level of 1 %


def test_the_lower_bound_is_below_the_true_rate_nearly_always() -> None:
    rng = np.random.default_rng(6)
    mark, below = 13 + 0.8 * 3.0902, 0
    for _ in range(40):
        values = 13 + 0.8 * rng.normal(size=200)
        sample = [Run("fine", "", i, {"test_mse": v}) for i, v in enumerate(values)]
        passes = pass_rate(sample, [Condition("test_mse", "<", mark)])
        assert passes.lower_bound <= passes.rate
        below += passes.lower_bound <= 0.999
    assert below >= 37


def test_a_condition_without_a_tail_is_counted() -> None:
    sample = [Run("fine", "", i, {"conv": 1.0, "test_mse": np.inf}) for i in range(60)]
    passes = pass_rate(sample, [Condition("conv", ">=", 1)])
    assert (passes.rate, passes.lower_bound) == (1, 1)
    assert pass_rate(sample, [Condition("test_mse", "<", 17)]).rate == 0


# ---------------------------------------------------------------------------------- summary

VALUES = 13 + 0.8 * np.random.default_rng(1).normal(size=200)


def proposed(summary: Summary) -> dict[str, ProposedStep]:
    proposal = summary.questions["q"].proposal
    assert proposal is not None
    return proposal.steps


def mark(step: ProposedStep) -> float:
    return float(step.mark.split()[-1])


def test_marks_are_proposed(folder: Path) -> None:
    fill(folder, fine=VALUES, line=[24.3])
    summary = summarize(folder)
    assert summary.problems == ()
    steps = proposed(summary)
    assert steps["nearly all"].mark in ("test_mse < 16.5", "test_mse < 17", "test_mse < 16")
    assert mark(steps["some"]) == pytest.approx(20.3, abs=0.5)
    assert steps["nearly all"].reference["fine"].lower_bound >= REQUIRED_RATE
    assert steps["some"].dishonest["line"].passed == 0
    assert steps["some"].dishonest["line"].stopped_by == steps["some"].mark


def test_bounds_are_called_what_they_are(folder: Path) -> None:
    fill(folder, fine=VALUES, line=[24.3])
    question = summarize(folder).questions["q"]
    assert question.counting_bound == pytest.approx(0.05 ** (1 / 200))
    text = format_question("q", question)
    assert "200 runs without a failure have a lower 95 % confidence bound of 98.51%" in text
    assert "99.9% would take 2,995 runs" in text
    rates = question.in_force["nearly all"].reference["fine"]
    assert f"(lower 95 % confidence bound {rates.lower_bound:.3%})" in text


def test_higher_can_be_better(folder: Path) -> None:
    marks = json.loads(json.dumps(MARKS).replace("test_mse < ", "test_mse > "))
    marks["q"]["honesty_checks"], marks["q"]["unit"] = [], 0.5
    marks["q"]["steps"] = {"some": ["test_mse >= 75"], "nearly all": ["test_mse >= 89"]}
    write(folder, marks=marks)
    fill(folder, fine=94 + 0.7 * np.random.default_rng(2).normal(size=200), line=[10])
    steps = proposed(summarize(folder))
    assert 90 <= mark(steps["nearly all"]) <= 92
    assert 50 <= mark(steps["some"]) <= 51


def test_a_dishonest_design_that_passes_is_a_problem(folder: Path) -> None:
    fill(folder, fine=VALUES, line=[12.9])
    problems = "\n".join(summarize(folder).problems)
    assert "best compromise is 12.5" in problems
    assert "1 runs of the dishonest line pass" in problems


def test_a_mark_that_is_too_strict_is_a_problem(folder: Path) -> None:
    fill(folder, fine=VALUES + 3, line=[24.3])
    (problem,) = summarize(folder).problems
    assert re.search(r"marks\.json, q, 'nearly all': fine passes at a rate of 9\d\.\d+%", problem)
    assert re.search(r"lower 95 % confidence bound of 9\d\.\d+%, .* loosen the mark", problem)


def test_too_few_runs_propose_nothing(folder: Path) -> None:
    fill(folder, fine=[13, 14, 15], line=[24.3])
    question = summarize(folder).questions["q"]
    assert question.proposal is None
    assert "3 runs of the reference design are too few" in format_question("q", question)


def test_a_control_design_is_compared_with_the_reference(folder: Path) -> None:
    write(folder, DESIGNS + DESIGNS.replace("reference", "control").replace("fine", "by_fit"))
    fill(folder, fine=VALUES, by_fit=VALUES[:30], line=[24.3])
    control = summarize(folder).questions["q"].control
    assert control is not None and control.distance < 0.2 and control.p_value > 0.05


def test_stale_files_are_found(folder: Path) -> None:
    fill(folder, fine=VALUES, line=[24.3])
    summary = summarize(folder)
    (message,) = find_stale(folder, summary)
    assert "summary.json is stale" in message
    write_summary(folder, summary)
    before = (folder / "summary.json").read_bytes()
    write_summary(folder, summary)
    assert (folder / "summary.json").read_bytes() == before
    assert find_stale(folder, summary) == []
    write(folder, DESIGNS.replace("13 +", "14 +"))
    (message,) = find_stale(folder, summarize(folder))
    assert "lacks 200 runs" in message


def test_the_command_checks_and_exits_1(folder: Path) -> None:
    fill(folder, fine=VALUES, line=[24.3])
    project = folder.parent.parent
    ran = ottermark("calibrate", "--check", cwd=project)
    assert ran.code == 1 and "summary.json is stale" in ran.err and "Plot:" not in ran.out
    ran = ottermark("calibrate", cwd=project)
    assert ran.code == 0 and "Plot: assignment/calibration/calibration.svg" in ran.out
    assert ottermark("calibrate", "--check", cwd=project).code == 0
    assert json.loads((folder / "summary.json").read_text())["questions"]["q"]["runs"] == 200


def test_the_options_of_the_command_choose_what_is_trained(folder: Path) -> None:
    project = folder.parent.parent
    ran = ottermark("calibrate", "--only", "fine", "--seeds", "2", "-j", "2", cwd=project)
    assert count_runs(folder) == {"fine": 2}, ran.err


def test_the_same_runs_give_the_same_plot(folder: Path) -> None:
    fill(folder, fine=[13, 13.5, 14.2], line=[24.3])
    one, two = draw(folder), draw(folder)
    assert one == two and "<dc:date>" not in one and one.startswith("<?xml")


def with_step(condition: str) -> dict[str, Any]:
    return {"q": MARKS["q"] | {"steps": {"some": [condition]}}}


@pytest.mark.parametrize(
    ("designs", "marks", "message"),
    [
        ("def (", MARKS, "designs.py is not Python"),
        ("x = 1", MARKS, "holds no design"),
        (DESIGNS.replace("reference", "referenc"), MARKS, "write @design"),
        (DESIGNS.replace('kind="dishonest", ', ""), MARKS, "line 10: write @design"),
        (DESIGNS, MARKS | {"q": MARKS["q"] | {"unit": 0}}, r"marks\.json, q\.unit: "),
        (DESIGNS, MARKS | {"q": MARKS["q"] | {"mark": 17}}, r"q\.mark: there is no such key"),
        (DESIGNS, MARKS | {"q": MARKS["q"] | {"steps": {}}}, r"marks\.json, q: there are no steps"),
        (DESIGNS, with_step("test_mse is 21"), r"q\.steps\.some\.1: 'test_mse is 21' is no cond"),
        (DESIGNS, with_step("test_mes < 21"), "'test_mes < 21' is no condition"),
        (DESIGNS, with_step("ratio > 0.8"), "the step 'some' needs a condition on test_mse"),
    ],
)
def test_bad_input_is_one_sentence(
    folder: Path, designs: str, marks: dict[str, Any], message: str
) -> None:
    write(folder, designs, marks)
    with pytest.raises(UsageError, match=message) as problem:
        summarize(folder)
    assert "\n" not in str(problem.value)


# ------------------------------------------------------------------------------- of the lab


def test_the_marks_in_force_are_those_of_the_hidden_tests() -> None:
    for question, marks in read_marks(PROJECT / "assignment" / "calibration").items():
        tree = ast.parse((PROJECT / "autograder" / "tests" / f"{question}.py").read_text())
        asserts = " ".join(ast.unparse(n.test) for n in ast.walk(tree) if isinstance(n, ast.Assert))
        for condition in {c for step in marks.steps.values() for c in step} | {
            *marks.honesty_checks
        }:
            left, factor = {
                "accuracy": ("== labels)", ""),
                "ratio": ("found['test_mse']", " * found['train_mse']"),
                "test_mse * ratio": ("found['test_mse'] ** 2 / found['train_mse']", ""),
            }.get(condition.metric, (f"found['{condition.metric}']", ""))
            pattern = rf"{re.escape(left)} {condition.comparison} ([\d.]+){re.escape(factor)}"
            numbers = map(float, re.findall(pattern, asserts))
            assert condition.mark in numbers, f"{question}: {condition}"


@pytest.mark.ci
def test_training_is_equivalent_to_fit() -> None:
    """With the same order of rows, it gives the same weights to the last bit."""
    code = f"""
import os
from ottermark.calibration.lab_data import LabData
from ottermark.calibration.training import ENVIRONMENT
os.environ.update(ENVIRONMENT)
import importlib.util, keras, numpy as np
from pathlib import Path
assignment = Path({str(PROJECT / "assignment")!r})
spec = importlib.util.spec_from_file_location("designs", assignment / "calibration" / "designs.py")
m = importlib.util.module_from_spec(spec); spec.loader.exec_module(m)
data = LabData(assignment)
np.random.permutation = np.arange
for build, (x, y), epochs in (
    (lambda: m.dense_net([32, 16]), data.housing[:2], 3),
    (lambda: m.dense_net([8], "sgd"), data.housing[:2], 3),
    (lambda: m.convnet_of(2, 4), [part[:320] for part in data.digits[:2]], 1),
):
    for seed in (3, 4):
        keras.utils.set_random_seed(seed)
        one = build()
        one.fit(x, y, epochs=epochs, batch_size=32, shuffle=False, verbose=0)
        keras.utils.set_random_seed(seed)
        two = data.train(build, x, y, epochs)
        assert all(np.array_equal(a, b) for a, b in zip(one.get_weights(), two.get_weights()))
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
rows = np.loadtxt(assignment / "data" / "boston_housing.csv", delimiter=",", skiprows=1)
a, b, c, d = train_test_split(rows[:, :13], rows[:, 13], test_size=0.2, random_state=42)
scale = StandardScaler().fit(a)
for ours, theirs in zip(data.housing, (scale.transform(a), c, scale.transform(b), d)):
    assert np.allclose(ours, theirs, rtol=1e-12, atol=1e-12)
"""
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert process.returncode == 0, process.stderr[-2000:]
