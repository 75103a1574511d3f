"""Seeds, distributions and pass marks, on designs that need no training."""

from __future__ import annotations

import ast
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import PROJECT

from ottermark.calibration import marks, runs, summary, tail, training
from ottermark.calibration import plot as picture
from ottermark.errors import CheckFailedError, UsageError
from ottermark.sandbox.sandbox import make_environment

HEAD = """
import numpy as np
from ottermark.calibration import design
"""
DESIGNS = """
@design("q", kind="honest")
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
        "form": [],
        "honest": ["test_mse > 6.5"],
        "steps": {"some": ["test_mse < 21"], "nearly all": ["test_mse < 17"]},
    }
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A calibration folder with two quick designs."""
    place = tmp_path / "assignment" / "calibration"
    place.mkdir(parents=True)
    write(place)
    return place


def write(place: Path, designs: str = DESIGNS, marks: dict[str, Any] = MARKS) -> None:
    (place / "designs.py").write_text(HEAD + designs)
    (place / "marks.json").write_text(json.dumps(marks))


def fill(place: Path, **samples: Any) -> None:
    """Write runs without making them."""
    designs = runs.read_designs(place)
    lines = [
        runs.Run(name, designs[name].digest, seed, {"test_mse": float(value)}).line()
        for name, values in samples.items()
        for seed, value in enumerate(values)
    ]
    (place / "runs.csv").write_text(",".join(runs.FIELDS) + "\n" + "".join(lines))


def made(place: Path) -> dict[str, int]:
    found: dict[str, int] = {}
    for run in runs.read_runs(place):
        found[run.design] = found.get(run.design, 0) + 1
    return found


def test_a_run_goes_on_and_repeats_itself(folder: Path) -> None:
    runs.run_all(folder, 2)
    first = (folder / "runs.csv").read_text()
    assert made(folder) == {"fine": 2, "line": 1}
    assert runs.run_all(folder, 2) == {}
    runs.run_all(folder, 4, jobs=2)
    both = (folder / "runs.csv").read_text()
    assert made(folder) == {"fine": 4, "line": 1} and set(first.split()) < set(both.split())
    (folder / "runs.csv").unlink()
    runs.run_all(folder, 4)
    assert (folder / "runs.csv").read_text() == both


@pytest.mark.parametrize("cut", [1, 5, 40])
def test_a_torn_line_is_made_again(folder: Path, cut: int) -> None:
    fill(folder, fine=[13.25, 14.125], line=[24.3])
    runs.run_all(folder, 2)
    whole = (folder / "runs.csv").read_bytes()
    (folder / "runs.csv").write_bytes(whole[:-cut])
    assert len(runs.read_runs(folder)) < 3
    runs.run_all(folder, 2)
    assert (folder / "runs.csv").read_text().count("\n") == 4 and made(folder)["line"] == 1


def test_a_changed_design_is_run_again_and_no_other(folder: Path) -> None:
    runs.run_all(folder, 2)
    before = runs.read_designs(folder)
    write(folder, DESIGNS.replace("24.3}", "25.5}  # nearer the truth"))
    after = runs.read_designs(folder)
    assert before["fine"] == after["fine"] and before["line"].digest != after["line"].digest
    assert set(runs.run_all(folder, 2)) == {"line"}
    assert {r.metrics["test_mse"] for r in runs.read_runs(folder) if r.design == "line"} == {25.5}


def test_what_changes_no_run_changes_no_digest(folder: Path) -> None:
    before = runs.read_designs(folder)
    write(folder, DESIGNS.replace('"dishonest"', '"weak"').replace("return {", "return  {  # x\n"))
    after = runs.read_designs(folder)
    assert [d.digest for d in before.values()] == [d.digest for d in after.values()]
    helped = "\nWIDTH = 3\n" + DESIGNS.replace("24.3", "WIDTH")
    write(folder, helped)
    one = runs.read_designs(folder)
    write(folder, helped.replace("WIDTH = 3", "WIDTH = 4"))
    two = runs.read_designs(folder)
    assert one["fine"] == two["fine"] and one["line"] != two["line"]


def test_only_one_design(folder: Path) -> None:
    runs.run_all(folder, 3, only=["fine"])
    assert made(folder) == {"fine": 3}
    with pytest.raises(UsageError, match="no design 'fin'"):
        runs.run_all(folder, 3, only=["fin"])


@pytest.mark.slow
def test_killed_in_the_middle(folder: Path) -> None:
    write(folder, "import time\n" + DESIGNS.replace("return {", "time.sleep(0.1); return {"))
    code = f"from ottermark.calibration.runs import run_all; from pathlib import Path\nif __name__ == '__main__': run_all(Path({str(folder)!r}), 400)"
    script = folder / "go.py"
    script.write_text(code)
    process = subprocess.Popen([sys.executable, str(script)], stderr=subprocess.DEVNULL)
    end = time.monotonic() + 120
    while len(runs.read_runs(folder)) < 3 and time.monotonic() < end:
        time.sleep(0.05)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    workers = [int(pid) for pid in children.read_text().split()] if children.exists() else []
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    kept = runs.read_runs(folder)
    assert 3 <= len(kept) < 400
    while any(Path(f"/proc/{pid}").exists() for pid in workers) and time.monotonic() < end:
        time.sleep(0.05)
    assert not any(Path(f"/proc/{pid}").exists() for pid in workers)  # none is left behind
    runs.run_all(folder, len(kept) + 1)
    seeds = sorted(run.seed for run in runs.read_runs(folder) if run.design == "fine")
    assert seeds == list(range(len(kept) + 1))


def test_tail_of_known_distributions() -> None:
    rng = np.random.default_rng(5)
    normal, exponential = 3.0902, 6.9078  # their 99.9 % quantiles
    for draw, true, over in (
        (rng.normal(size=(400, 200)), normal, 1.25),
        (rng.exponential(size=(400, 200)), exponential, 1.05),
    ):
        fits = tail.Tail(draw)
        found = fits.quantile(summary.RATE)
        assert true < np.mean(found) * 1.02 and np.mean(found) < over * true
        assert np.mean(fits.beyond(true)) > 0.001 * 0.95
    assert not tail.Tail(rng.normal(size=(1, 200))).heavy()
    assert tail.Tail(rng.standard_t(1.2, size=(1, 200))).heavy()


def test_the_bound_holds_nearly_always() -> None:
    rng = np.random.default_rng(6)
    mark, held = 13 + 0.8 * 3.0902, 0
    for _ in range(40):
        values = 13 + 0.8 * rng.normal(size=200)
        made = [runs.Run("fine", "", i, {"test_mse": v}) for i, v in enumerate(values)]
        rate, bound = tail.pass_rate(made, [marks.Condition("test_mse", "<", mark)])
        assert bound <= rate
        held += bound <= 0.999
    assert held >= 37


def test_a_proposal(folder: Path) -> None:
    values = 13 + 0.8 * np.random.default_rng(1).normal(size=200)
    fill(folder, fine=values, line=[24.3])
    told = summary.calibrate(folder)
    steps = told["questions"]["q"]["proposal"]["steps"]
    assert steps["nearly all"]["mark"] in ("test_mse < 16.5", "test_mse < 17", "test_mse < 16")
    assert float(steps["some"]["mark"].split()[-1]) == pytest.approx(20.3, abs=0.5)
    assert steps["nearly all"]["honest"]["fine"]["bound"] >= summary.RATE
    assert steps["some"]["dishonest"]["line"]["passed"] == 0
    assert steps["some"]["dishonest"]["line"]["stopped by"] == steps["some"]["mark"]
    assert "98.51%" in told["questions"]["q"]["claims"][0]
    assert "2,995" in told["questions"]["q"]["claims"][0]
    summary.calibrate(folder, check=True)


def test_higher_can_be_better(folder: Path) -> None:
    marks = json.loads(json.dumps(MARKS).replace("test_mse < ", "test_mse > "))
    marks["q"]["honest"], marks["q"]["unit"] = [], 0.5
    marks["q"]["steps"] = {"some": ["test_mse >= 75"], "nearly all": ["test_mse >= 89"]}
    write(folder, marks=marks)
    fill(folder, fine=94 + 0.7 * np.random.default_rng(2).normal(size=200), line=[10])
    steps = summary.calibrate(folder)["questions"]["q"]["proposal"]["steps"]
    assert 90 <= float(steps["nearly all"]["mark"].split()[-1]) <= 92
    assert 50 <= float(steps["some"]["mark"].split()[-1]) <= 51


def test_a_dishonest_design_that_passes(folder: Path) -> None:
    values = 13 + 0.8 * np.random.default_rng(1).normal(size=200)
    fill(folder, fine=values, line=[12.9])
    with pytest.raises(CheckFailedError) as failed:
        summary.calibrate(folder)
    told = "\n".join(failed.value.problems)
    assert "best compromise is 12.5" in told and "1 runs of the dishonest line pass" in told


def test_marks_that_are_too_strict(folder: Path) -> None:
    values = 16 + 0.8 * np.random.default_rng(1).normal(size=200)
    fill(folder, fine=values, line=[24.3])
    with pytest.raises(CheckFailedError, match=r"'nearly all': fine passes .* loosen the mark"):
        summary.calibrate(folder)


def test_too_few_runs_propose_nothing(folder: Path) -> None:
    fill(folder, fine=[13, 14, 15], line=[24.3])
    told = summary.calibrate(folder)["questions"]["q"]
    assert "proposal" not in told and "3 honest runs are too few" in told["claims"][0]


def test_what_is_stale(folder: Path) -> None:
    values = 13 + 0.8 * np.random.default_rng(1).normal(size=200)
    fill(folder, fine=values, line=[24.3])
    with pytest.raises(CheckFailedError, match=r"summary\.json is stale"):
        summary.calibrate(folder, check=True)
    summary.calibrate(folder)
    before = (folder / "summary.json").read_bytes()
    summary.calibrate(folder)
    assert (folder / "summary.json").read_bytes() == before
    summary.calibrate(folder, check=True)
    write(folder, DESIGNS.replace("13 +", "14 +"))
    with pytest.raises(CheckFailedError, match="lacks 200 runs"):
        summary.calibrate(folder, check=True)


def test_the_same_picture_twice(folder: Path) -> None:
    fill(folder, fine=[13, 13.5, 14.2], line=[24.3])
    one, two = picture.draw(folder), picture.draw(folder)
    assert one == two and "<dc:date>" not in one and one.startswith("<?xml")


@pytest.mark.parametrize(
    ("designs", "marks", "told"),
    [
        ("def (", MARKS, "designs.py is not Python"),
        ("x = 1", MARKS, "holds no design"),
        (DESIGNS.replace("honest", "hones"), MARKS, "write @design"),
        (DESIGNS, {"q": {}}, "marks.json cannot be read"),
        (DESIGNS, json.loads(json.dumps(MARKS).replace("< 21", "is 21")), "marks.json cannot be"),
    ],
)
def test_bad_input_is_one_sentence(
    folder: Path, designs: str, marks: dict[str, Any], told: str
) -> None:
    write(folder, designs, marks)
    with pytest.raises(UsageError, match=told) as problem:
        summary.calibrate(folder)
    assert "\n" not in str(problem.value)


def test_a_design_that_fails_is_named(folder: Path) -> None:
    write(folder, DESIGNS.replace("24.3", "1 / 0"))
    with pytest.raises(UsageError, match="line failed with seed 0"):
        runs.run_all(folder, 1)


def test_workers_train_as_notebooks_do() -> None:
    assert training.ENVIRONMENT.items() <= make_environment(Path()).items()


def test_the_marks_in_force_stand_in_the_tests() -> None:
    """marks.json and the hidden tests say the same."""
    for question, told in marks.read_marks(PROJECT / "assignment" / "calibration").items():
        tree = ast.parse((PROJECT / "autograder" / "tests" / f"{question}.py").read_text())
        asserts = " ".join(ast.unparse(n.test) for n in ast.walk(tree) if isinstance(n, ast.Assert))
        for condition in {x for s in told["steps"].values() for x in s} | {*told["honest"]}:
            left, factor = {
                "accuracy": ("== labels)", ""),
                "ratio": ("found['test_mse']", " * found['train_mse']"),
                "test_mse * ratio": ("found['test_mse'] ** 2 / found['train_mse']", ""),
            }.get(condition.metric, (f"found['{condition.metric}']", ""))
            asked = rf"{re.escape(left)} {condition.sign} ([\d.]+){re.escape(factor)}"
            found = re.findall(asked, asserts)
            assert condition.mark in map(float, found), f"{question}: {condition}"


@pytest.mark.slow
def test_training_is_what_fit_does() -> None:
    """With the same order of rows, the same weights to the last bit."""
    code = f"""
import os
from ottermark.calibration.training import ENVIRONMENT, Data
os.environ.update(ENVIRONMENT)
import importlib.util, keras, numpy as np
from pathlib import Path
place = Path({str(PROJECT / "assignment")!r})
spec = importlib.util.spec_from_file_location("designs", place / "calibration" / "designs.py")
m = importlib.util.module_from_spec(spec); spec.loader.exec_module(m)
data = Data(place)
np.random.permutation = np.arange
for build, (x, y), epochs in (
    (lambda: m.dense_net([32, 16]), data.housing[:2], 3),
    (lambda: m.dense_net([8], "sgd"), data.housing[:2], 3),
    (lambda: m.convnet_of(2, 4), data.digits[:2], 1),
):
    for seed in (3, 4):
        keras.utils.set_random_seed(seed)
        one = build()
        one.fit(x, y, epochs=epochs, batch_size=32, shuffle=False, verbose=0)
        keras.utils.set_random_seed(seed)
        two = data.trained(build, x, y, epochs)
        assert all(np.array_equal(a, b) for a, b in zip(one.get_weights(), two.get_weights()))
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
rows = np.loadtxt(place / "data" / "boston_housing.csv", delimiter=",", skiprows=1)
a, b, c, d = train_test_split(rows[:, :13], rows[:, 13], test_size=0.2, random_state=42)
scale = StandardScaler().fit(a)
for ours, labs in zip(data.housing, (scale.transform(a), c, scale.transform(b), d)):
    assert np.allclose(ours, labs, rtol=1e-12, atol=1e-12)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
