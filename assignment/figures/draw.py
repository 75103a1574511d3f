"""Draw the lab's figures (run: python draw.py). The same matplotlib gives the same files.

The PNGs, beside this file, are for the notebook; the SVGs, in docs/img/lab/, for slides.
"""

import io
from itertools import pairwise
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Polygon, Rectangle
from PIL import Image

HERE = Path(__file__).resolve().parent
SLIDES = HERE.parents[1] / "docs" / "img" / "lab"
INK, GRID, PAPER, ZERO = "#222222", "#9a9a9a", "#eef3f7", "#ffffff"
UNKNOWN = "#d6eaf8"
BLUE, ORANGE, GREEN, PINK = "#0072B2", "#E69F00", "#009E73", "#CC79A7"  # safe for colour-blind eyes
plt.rcParams.update({"font.family": "DejaVu Sans", "font.size": 11, "text.color": INK})
# letters as outlines, since fonts differ; and ids that are the same in each run
plt.rcParams.update({"svg.fonttype": "path", "svg.hashsalt": "figures"})


def canvas(width: float, height: float, x: float, y: float):
    """A blank drawing x units wide and y units high, y pointing down."""
    figure, axes = plt.subplots(figsize=(width, height))
    axes.set(xlim=(0, x), ylim=(y, 0), aspect="equal")
    axes.axis("off")
    figure.subplots_adjust(0, 0, 1, 1)
    return figure, axes


def png(figure) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, dpi=110, metadata={"Software": None})
    picture = Image.open(buffer).convert("RGB").quantize(64, dither=Image.Dither.NONE)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def svg(figure) -> bytes:
    buffer = io.BytesIO()
    # dpi: of the digits, which are pixels in an SVG too
    figure.savefig(buffer, format="svg", dpi=330, metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


def grid(axes, x, y, rows, columns, values=None, fill=PAPER, size=11):
    for i in range(rows):
        for j in range(columns):
            axes.add_patch(Rectangle((x + j, y + i), 1, 1, fc=fill, ec=GRID, lw=0.8))
            if values is not None:
                text = str(values[i][j])
                axes.text(x + j + 0.5, y + i + 0.52, text, ha="center", va="center", size=size)


def window(axes, x, y, rows, columns, colour, inset=0.0, alpha=0.28):
    box = (x + inset, y + inset), columns - 2 * inset, rows - 2 * inset
    axes.add_patch(Rectangle(*box, fc=colour, ec="none", alpha=alpha))
    axes.add_patch(Rectangle(*box, fc="none", ec=colour, lw=2.6))


def arrow(axes, x, y, length=1.2):
    axes.annotate(
        "", (x + length, y), (x, y), arrowprops={"arrowstyle": "-|>", "color": INK, "lw": 1.6}
    )


def label(axes, x, y, text, **options):
    axes.text(x, y, text, **{"ha": "center", "va": "center", **options})


def dense_net():
    figure, axes = canvas(7.2, 3.0, 14.4, 6.0)
    columns = [(2.2, 3, BLUE), (7.2, 4, ORANGE), (12.2, 1, GREEN)]
    places = [[(x, 2.5 + (i - (n - 1) / 2) * 1.1) for i in range(n)] for x, n, _ in columns]
    for left, right in pairwise(places):
        for a in left:
            for b in right:
                axes.plot([a[0], b[0]], [a[1], b[1]], color=GRID, lw=1, zorder=1)
    for spots, (_, _, colour) in zip(places, columns, strict=True):
        for spot in spots:
            axes.add_patch(plt.Circle(spot, 0.36, fc=colour, ec=INK, lw=1, zorder=2))
    label(axes, 2.2, 5.3, "3 features")
    label(axes, 7.2, 5.3, "Dense(4)")
    label(axes, 12.2, 5.3, "Dense(1)")
    label(axes, 4.7, 5.3, "3 × 4 weights\n+ 4 biases = 16", size=9)
    label(axes, 9.7, 5.3, "4 × 1 weights\n+ 1 bias = 5", size=9)
    return figure


def convolution_numbers():
    figure, axes = canvas(7.6, 2.6, 15.2, 5.2)
    image = np.array([[1, 2, 0, 3], [3, 1, 4, 1], [2, 0, 1, 2]])
    kernel = np.array([[1, 0], [2, -1]])
    answer = [[(image[i : i + 2, j : j + 2] * kernel).sum() for j in range(3)] for i in range(2)]
    grid(axes, 0.6, 1, 3, 4, image)
    window(axes, 0.6, 1, 2, 2, BLUE)
    label(axes, 5.45, 2.5, "∗", size=16)
    grid(axes, 6.3, 1.5, 2, 2, kernel, fill="#fbe9c6")
    arrow(axes, 8.9, 2.5, 1.4)
    grid(axes, 11, 1.5, 2, 3, answer, fill="#d8efe6")
    window(axes, 11, 1.5, 1, 1, BLUE)
    label(axes, 2.6, 0.5, "input, 3 × 4")
    label(axes, 7.3, 0.5, "filter, 2 × 2")
    label(axes, 12.5, 0.5, "response, 2 × 3")
    label(axes, 7.6, 4.75, "blue window:   1·1 + 2·0 + 3·2 + 1·(−1) = 6", color=BLUE)
    return figure


def sliding_filter():
    """Stills of a filter on its way over a digit, with the response as far as it is known."""
    with np.load(HERE.parent / "data" / "digits.npz") as archive:
        digit = archive["images"][25] / 255
    kernel = np.array([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]])
    side = len(digit) - 2
    response = np.array(
        [[(digit[i : i + 3, j : j + 3] * kernel).sum() for j in range(side)] for i in range(side)]
    )
    largest = np.abs(response).max()
    places = [(0, 0), (4, 17), (12, 19), (20, 16), (25, 25)]
    figure, axes = plt.subplots(2, len(places), figsize=(9.0, 4.3))
    for (above, below), (row, column) in zip(axes.T, places, strict=True):
        step = row * side + column + 1
        above.imshow(digit, cmap="gray_r")
        window(above, column - 0.5, row - 0.5, 3, 3, BLUE)
        above.set_title(f"step {step} of {side * side}", size=10)
        known = np.where(np.arange(side * side).reshape(side, side) < step, response, np.nan)
        below.set_facecolor(UNKNOWN)
        below.imshow(known, cmap="gray_r", vmin=-largest, vmax=largest)
        below.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, fc="none", ec=BLUE, lw=2))
        number = f"{response[row, column]:.1f}".replace("-", "−")
        below.set_title(f"the sum is {number}", size=10, color=BLUE)
    for axis in axes.flat:
        axis.set(xticks=[], yticks=[])
        for spine in axis.spines.values():
            spine.set_edgecolor(GRID)
    axes[0, 0].set_ylabel("the digit, 28 × 28", size=10)
    axes[1, 0].set_ylabel("response, 26 × 26", size=10)
    figure.tight_layout()
    return figure


def padding_valid():
    figure, axes = canvas(7.6, 3.3, 15.2, 6.6)
    grid(axes, 0.6, 1.2, 5, 7)
    window(axes, 0.6, 1.2, 3, 3, BLUE)
    window(axes, 4.6, 3.2, 3, 3, ORANGE)
    arrow(axes, 8.1, 3.7, 1.2)
    grid(axes, 9.8, 2.2, 3, 5)
    window(axes, 9.8, 2.2, 1, 1, BLUE, alpha=0.6)
    window(axes, 13.8, 4.2, 1, 1, ORANGE, alpha=0.6)
    label(axes, 4.1, 0.6, "input, 5 high × 7 wide")
    label(axes, 12.3, 0.6, "response, 3 high × 5 wide")
    return figure


def padding_same():
    figure, axes = canvas(8.8, 3.8, 18.4, 7.95)
    ring = [["" if 0 < i < 6 and 0 < j < 8 else 0 for j in range(9)] for i in range(7)]
    grid(axes, 0.4, 0.7, 7, 9, ring, fill=ZERO, size=9)
    grid(axes, 1.4, 1.7, 5, 7)
    window(axes, 0.4, 0.7, 3, 3, BLUE)
    window(axes, 6.4, 4.7, 3, 3, ORANGE)
    arrow(axes, 9.7, 4.2, 1.0)
    grid(axes, 11.0, 1.7, 5, 7)
    window(axes, 11.0, 1.7, 1, 1, BLUE, alpha=0.6)
    window(axes, 17.0, 5.7, 1, 1, ORANGE, alpha=0.6)
    label(axes, 4.9, 0.32, "input, 5 × 7, in a ring of zeros", size=10)
    label(axes, 14.5, 0.32, "response, 5 × 7", size=10)
    return figure


def stride_2():
    figure, axes = canvas(7.2, 3.5, 14.4, 7.0)
    grid(axes, 0.6, 1.2, 5, 8)
    for x, colour in [(0.6, BLUE), (2.6, ORANGE), (4.6, GREEN)]:
        window(axes, x, 1.2, 3, 3, colour, inset=0.09, alpha=0.2)
    axes.add_patch(Rectangle((7.6, 1.2), 1, 5, fc="none", ec=INK, hatch="////", lw=0, alpha=0.45))
    label(axes, 8.1, 6.6, "never seen", size=9)
    arrow(axes, 9.2, 3.7, 1.2)
    grid(axes, 10.9, 2.7, 2, 3)
    for x, colour in [(10.9, BLUE), (11.9, ORANGE), (12.9, GREEN)]:
        window(axes, x, 2.7, 1, 1, colour, inset=0.05, alpha=0.6)
    label(axes, 4.6, 0.6, "input, 5 × 8: the window moves 2 at a time")
    label(axes, 12.4, 1.9, "response, 2 × 3")
    return figure


def max_pooling():
    figure, axes = canvas(5.6, 2.7, 11.2, 5.4)
    values = np.array([[3, 1, 0, 2], [5, 4, 7, 1], [2, 6, 1, 1], [0, 3, 8, 4]])
    grid(axes, 0.8, 1, 4, 4, values, size=12)
    colours = [[BLUE, ORANGE], [GREEN, PINK]]
    arrow(axes, 5.3, 3, 1.5)
    grid(axes, 7.6, 2, 2, 2)
    for i in range(2):
        for j in range(2):
            window(axes, 0.8 + 2 * j, 1 + 2 * i, 2, 2, colours[i][j], inset=0.06, alpha=0.25)
            window(axes, 7.6 + j, 2 + i, 1, 1, colours[i][j], inset=0.06, alpha=0.25)
            biggest = values[2 * i : 2 * i + 2, 2 * j : 2 * j + 2].max()
            label(axes, 8.1 + j, 2.52 + i, str(biggest), size=12, weight="bold")
    label(axes, 2.8, 0.5, "input, 4 × 4")
    label(axes, 8.6, 0.5, "the largest of each, 2 × 2")
    return figure


def sheet(axes, x, y, width, height, depth, colour, step=0.28):
    """A stack of `depth` slanted sheets."""
    for k in reversed(range(depth)):
        dx, dy = k * step, -k * step
        corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
        corners = [(a + dx, b + dy) for a, b in corners]
        axes.add_patch(Polygon(corners, fc=colour, ec=INK, lw=0.9))


def filters_depth():
    figure, axes = canvas(8.2, 3.3, 16.4, 6.6)
    sheet(axes, 0.7, 1.9, 3, 3, 3, "#cfe3f1")
    window(axes, 0.7, 1.9, 1.1, 1.1, INK, alpha=0)
    label(axes, 2.5, 5.8, "input\nheight × width × 3 channels", size=10)
    colours = [BLUE, ORANGE, GREEN, PINK]
    for k, colour in enumerate(colours):
        sheet(axes, 6.3, 1.0 + 1.2 * k, 0.75, 0.75, 3, colour, step=0.13)
        arrow(axes, 7.7, 1.3 + 1.2 * k, 1.6)
    label(axes, 6.85, 5.8, "4 filters,\neach 3 × 3 × 3", size=10)
    label(axes, 5.1, 3.0, "∗", size=18)
    for k in reversed(range(4)):
        dx, dy = 0.5 * k, -0.36 * k
        box = Rectangle((10.3 + dx, 2.3 + dy), 2.6, 2.6, fc=colours[3 - k], ec=INK, lw=0.9)
        axes.add_patch(box)
    label(axes, 12.5, 5.8, "response: 4 maps,\none for each filter", size=10)
    return figure


def receptive_field():
    figure, axes = canvas(6.6, 3.3, 14.4, 7.2)
    rows = [
        ("input", 8, 4),
        ("after layer 1", 7, 3),
        ("after layer 2", 6, 2),
        ("after layer 3", 5, 1),
    ]
    for k, (name, cells, seen) in enumerate(rows):
        y, x = 5.6 - 1.6 * k, 4.4 + 0.5 * k
        first = (cells - seen) // 2
        for j in range(cells):
            chosen = first <= j < first + seen
            colour = (GREEN if k == 3 else BLUE if k == 0 else ORANGE) if chosen else PAPER
            box = Rectangle((x + j, y), 1, 0.8, fc=colour, ec=GRID, alpha=0.75 if chosen else 1)
            axes.add_patch(box)
        if k:
            left, right, below = x + first, x + first + seen, 5.6 - 1.6 * (k - 1)
            for top, bottom in [(left, left - 0.5), (right, right + 0.5)]:
                axes.plot([top, bottom], [y + 0.8, below], color=INK, lw=1.1)
        label(axes, 3.9, y + 0.4, name, ha="right")
    return figure


DRAWINGS = (
    dense_net,
    convolution_numbers,
    sliding_filter,
    padding_valid,
    padding_same,
    stride_2,
    max_pooling,
    filters_depth,
    receptive_field,
)

if __name__ == "__main__":
    SLIDES.mkdir(parents=True, exist_ok=True)
    for draw in DRAWINGS:
        figure = draw()
        (HERE / f"{draw.__name__}.png").write_bytes(png(figure))
        (SLIDES / f"{draw.__name__}.svg").write_bytes(svg(figure))
        plt.close(figure)
