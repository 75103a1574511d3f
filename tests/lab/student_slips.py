"""Wrong answers with a single slip, as students write them: for each, the ids that name it rightly.

They are from three lists that were written without looking at the edits. At first 70 of 83 were named,
then 103 of 114, and of less usual slips 31 of 46. Of two more lists, whose slips are in the corpus, 40 of 52
and 108 of 116 were named. Each time the catalogue was extended by what they taught. ``SILENT`` are answers
that it does not name.
"""

from __future__ import annotations

FIELD = "weights_one_8x8 = 64; weights_four_2x2 = 16; layers_2x2_to_see_8x8 = 7\n"
COUNT = "weights_one_8x8 = {}; weights_four_2x2 = {}; layers_2x2_to_see_8x8 = {}\n"
RIGHT_FIELD = "def receptive_field(kernels): return sum(kernels) - len(kernels) + 1\n"
WEIGHTS = "conv2_24_weights = {}; conv2_24_params = {}; second_conv2_24_weights = {}"


def shape(body: str) -> str:
    return f"""\
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    (h, w), (a, b), (s, t) = input_shape, kernel_shape, strides
    {body}
"""


SAME = 'if padding == "same": return -(-h // s), -(-w // t)\n    '
VALID = "return (h - a) // s + 1, (w - b) // t + 1"


def same(rule: str) -> str:
    return shape(f'if padding == "same": return {rule}\n    {VALID}')


def pool(rows: str, columns: str, window: str = "x[i:i+pool, j:j+pool].max()") -> str:
    return f"""\
def max_pool(x, pool=2, stride=2):
    h, w = x.shape
    return np.array([[{window} for j in {columns}] for i in {rows}])
"""


WINDOW_OF_STRIDE = "x[i*stride:i*stride+pool, j*stride:j*stride+pool].max()"
ROWS, COLUMNS = "range(0, h - pool + 1, stride)", "range(0, w - pool + 1, stride)"


def convolve(number: str) -> str:
    return f"""\
def convolve(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.array([[{number} for w in row] for row in windows])
"""


def params(body: str, bias: str = "True") -> str:
    return f"""\
def conv_params(kernel_shape, in_channels, filters, bias={bias}):
    h, w = kernel_shape
    n = h * w * in_channels * filters
    {body}
"""


def padding(formula: str) -> str:
    return f"def same_padding(I, F, S): return {formula}"


NAMED: list[tuple[str, str, str]] = [
    ("q1_1", "linreg_scores = {**right, 'test_mse': right['test_mse'] ** 0.5}", "linreg-root-taken-partly"),
    ("q1_1", "linreg_scores = {key: int(value) for key, value in right.items()}", "linreg-whole-numbers"),
    ("q1_1", "linreg_scores = {key: round(value, 1) for key, value in right.items()}", "linreg-one-decimal"),
    ("q1_1", "linreg_scores = {**right, 'test_mse': right['train_mse'], 'test_mae': right['train_mae']}", "linreg-train-for-both"),
    ("q1_1", "linreg_scores = {**right, 'train_mae': right['test_mae'], 'test_mae': right['train_mae']}", "linreg-train-test-swapped-partly"),
    ("q2_2", "response_meaning = {'height': 32, 'width': 26, 'filters': 26}", "response-channels-first"),
    ("q2_2", "response_meaning = {'height': 26, 'width': 26, 'filters': 26 * 32}", "response-all-cells"),
    ("q2_2", "response_meaning = {'height': 26, 'width': 26, 'filters': 31}", "q2-2-result-one-less-partly"),
    ("q2_3", "shape_6_3 = (6 - 3 + 2, 6 - 3 + 2)", "adds-the-one-twice"),
    ("q2_3", "shape_6_3 = (6 + 2 * 1 - 3 + 1,) * 2", "response-as-large-as-the-input"),
    ("q2_3", "shape_6_3 = (6 / 3, 6 / 3)", "windows-side-by-side"),
    ("q2_3", "shape_6_3 = (4, 6)", "response-as-large-as-the-input-partly"),
    ("q2_4", "shape_33_2 = (33 - 2, 33 - 2, 1)", "takes-filter-for-three"),
    ("q2_4", "shape_33_2 = (33 // 2 + 1, 33 // 2 + 1)", "small-filter-as-stride"),
    ("q2_4", "shape_33_2 = (1, 32, 32, 1)", "maps-put-first"),
    ("q2_5", "valid_shape = (4, 4); same_shape = (6 + 1 - 3 + 1,) * 2", "same-on-one-side"),
    ("q2_5", "valid_shape = (6 - 3 + 1, 6); same_shape = (6, 6)", "valid-taken-for-same-partly"),
    ("q2_5", "valid_shape = (4, 4); same_shape = (6 + 2, 6 + 2)", "same-gives-the-padded-input"),
    ("q3_2", "pooled_shape = (6 // 2 + 1, 6 // 2 + 1)", "pooling-subtracts"),
    ("q3_2", "pooled_shape = ((6 - 2) / 2, (6 - 2) / 2)", "window-taken-for-result"),
    ("q3_2", "pooled_shape = (6 - 2 + 1, 6 - 2 + 1)", "pooling-moves-by-one"),
    ("q4_2", "output_100_2 = ((100 - 2) // 2 + 1,) * 2", "output-halved"),
    ("q4_2", "output_100_2 = (100 + 2 + 1, 100 + 2 + 1)", "output-filter-added"),
    ("q4_2", "output_100_2 = (99, 100)", "output-keeps-size-partly"),
    ("q4_3", WEIGHTS.format("96", "96 + 4 * 24", "2304"), "bias-for-each-weight"),
    ("q4_3", WEIGHTS.format("2 * 2 * 24 + 24", "120", "2304"), "bias-in-the-weights"),
    ("q4_3", WEIGHTS.format("96", "96 * 24 + 24", "2304"), "params-filters-counted-twice"),
    ("q4_3", WEIGHTS.format("96", "120", "2 * 2 * (24 + 24)"), "second-depth-added"),
    ("q4_3", WEIGHTS.format("96", "120", "4 * 24 ** 3"), "depth-counted-twice"),
    ("q4_4", padding("((I - 1) * S - I + F) / (2 * S)"), "q4-4-result-divided-by-s"),
    ("q4_4", padding("(I * (S - 1) - S + F) // 2"), "padding-rounded-down"),
    ("q4_4", padding("(F * (I - 1) - I + S) / 2"), "q4-4-f-s-exchanged"),
    ("q4_4", padding("(I * (S - 1) + F) / 2"), "one-lost"),
    ("q4_4", padding("S * (I - 1) - (I - F) / 2"), "q4-4-both-not-s-i-one"),
    ("q4_4", padding("(F - 1) / 2 * S"), "padding-times-stride"),
    ("q4_5", params("return h * h * in_channels * filters + (filters if bias else 0)"), "square-kernels"),
    ("q4_5", params("return n + (1 if bias else 0)"), "single-bias"),
    ("q4_5", params("return n + filters if bias else n", "False"), "bias-off-by-default"),
    ("q4_5", params("return h * w * (in_channels + filters) + (filters if bias else 0)"), "q4-5-weights-in-channels-filters-added"),
    ("q4_5", params("return h * in_channels * filters + (filters if bias else 0)"), "q4-5-weights-width-missing"),
    ("q4_5", params("return n - filters if bias else n"), "q4-5-biases-sign"),
    ("q4_5", params("return n + filters if bias else h * w * filters"), "depth-left-out-partly"),
    ("q4_5", params("return n * in_channels + (filters if bias else 0)"), "q4-5-weights-in-channels-twice"),
    ("q5_3", FIELD + "def receptive_field(kernels): return sum(kernels) - 1", "one-subtracted-once"),
    ("q5_3", FIELD + "def receptive_field(kernels): return 1 + sum(k - 2 for k in kernels)", "q5-3-receptive-field-overlap-subtracted-twice"),
    ("q5_3", FIELD + "def receptive_field(kernels): return sum(kernels) - len(kernels) + 2", "q5-3-receptive-field-first-added-twice"),
    ("q5_3", COUNT.format("64", "4 * 2 * 2 + 4", "7") + RIGHT_FIELD, "small-filters-with-biases"),
    ("q5_3", COUNT.format("8 * 8 * 3", "16", "7") + RIGHT_FIELD, "q5-3-weights-one-8x8-channels-always-3"),
    ("q5_3", COUNT.format("64", "16", "8 // 2") + RIGHT_FIELD, "stacking-adds"),
    ("q2_7", shape(SAME + "return (h - a) // s + 1, (w - b) // s + 1"), "one-stride-for-both-partly"),
    ("q2_7", shape(SAME + "return (h - a) // s + 1, (w - b) // t"), "shape-forgets-the-one-partly"),
    ("q2_7", shape(SAME + "return h - a // s + 1, w - b // t + 1"), "q2-7-valid-s-only-f"),
    ("q2_7", shape(SAME + "return (w - b) // t + 1, (h - a) // s + 1"), "height-width-swapped-partly"),
    ("q2_7", shape(SAME + "return (h + a) // s + 1, (w + b) // t + 1"), "q2-7-valid-f-sign"),
    ("q2_7", shape(SAME + "return h - a - s + 1, w - b - t + 1"), "q2-7-valid-s-subtracted"),
    ("q2_7", same("round(h / s), round(w / t)"), "q2-7-same-rounded-to-nearest"),
    ("q2_7", same("h / s, w / t"), "q2-7-same-not-rounded"),
    ("q2_7", same("(h - 1) // s, (w - 1) // t"), "q2-7-same-first-not-added"),
    ("q2_7", same("-(-h // s), w"), "same-strides-not-divided-partly"),
    ("q2_7", same("h * s, w * t"), "q2-7-same-s-multiplied"),
    ("q2_8", convolve("np.prod(w * kernel)"), "q2-8-window-prod-for-sum"),
    ("q2_8", convolve("np.sum(w * np.rot90(kernel, 2))"), "kernel-turned"),
    ("q2_8", convolve("np.min(w * kernel)"), "q2-8-window-min-for-sum"),
    ("q2_8", convolve("np.sum(w * kernel) / kernel.size"), "mean-of-products"),
    ("q2_8", convolve("round(np.sum(w * kernel))"), "q2-8-result-rounded-to-nearest"),
    ("q2_8", convolve("-np.sum(w * kernel)"), "q2-8-result-negated"),
    ("q3_3", pool(ROWS, COLUMNS, "np.median(x[i:i+pool, j:j+pool])"), "q3-3-window-median-for-max"),
    ("q3_3", pool("range(0, h - pool, stride)", "range(0, w - pool, stride)"), "q3-3-count-last-not-added"),
    ("q3_3", pool(ROWS, COLUMNS, "x[i:i+2, j:j+2].max()"), "q3-3-window-pool-ignored"),
    ("q3_3", pool("range(0, w - pool + 1, stride)", COLUMNS), "q3-3-shape-last-for-both"),
    ("q3_3", pool(ROWS, COLUMNS, "round(x[i:i+pool, j:j+pool].max())"), "q3-3-result-rounded-to-nearest"),
    ("q3_3", pool(ROWS, "range(0, h - pool + 1, stride)"), "pool-squares-only"),
]  # fmt: skip

SILENT: list[tuple[str, str]] = [
    ("q4_5", params("return n // 2 + (filters if bias else 0)")),
    ("q5_3", FIELD + "def receptive_field(kernels): return kernels[0] ** len(kernels)"),
    ("q3_3", pool(ROWS, COLUMNS, "x[i:i+pool, j:j+pool].sum() / 4")),
    ("q4_3", WEIGHTS.format("96", "(2 + 2) * 24 + 2", "2304")),
    # right where they return anything: what they raise has many reasons
    ("q4_5", params("if bias: b = filters\n    return n + b")),
    ("q3_3", pool("range(h - pool + 1)", "range(w - pool + 1)", WINDOW_OF_STRIDE)),
]
