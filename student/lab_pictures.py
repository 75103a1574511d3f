"""The pictures of the lab. You may read all of this, and nothing of it is asked about.

`load_tensorflow` is no picture: it keeps away what TensorFlow prints when it is imported.
Every function draws with matplotlib and shows the result with a description in words, for readers
who cannot see it. Pictures are arrays of shape (height, width), with 0 for paper and 1 for ink.
"""

import base64
import html
import io
import json
import os
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
from matplotlib.patches import Rectangle

BLUE, ORANGE, PALE = "#0072B2", "#E69F00", "#D6EAF8"


def load_tensorflow():
    """Import TensorFlow without its start-up messages, which look like errors and are none."""
    try:
        errors = os.dup(2)
    except OSError:  # there is nothing that they could be printed to
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        import tensorflow  # noqa: F401
    finally:
        os.dup2(errors, 2)
        os.close(errors)
        os.close(nowhere)


def show(figure, description):
    """Show a matplotlib figure, and keep a description of it with the picture."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=80, bbox_inches="tight", metadata={"Software": None})
    plt.close(figure)
    picture = base64.b64encode(buffer.getvalue()).decode()
    # Jupyter reads a description out only where it is part of HTML
    page = f'<img src="data:image/png;base64,{picture}" alt="{html.escape(description)}">'
    forms = {"text/html": page, "image/png": picture, "text/plain": description}
    display(forms, metadata={"image/png": {"alt": description}}, raw=True)


def shades(numbers):
    """The numbers that are drawn white and black; between them is grey."""
    bound = float(np.abs(numbers).max()) or 1.0
    return (0.0 if np.min(numbers) >= 0 else -bound), bound


def draw(axis, picture, title=""):
    """Draw one array: from white (0) to black, or with grey for 0 if some numbers are negative."""
    low, high = shades(picture)
    axis.imshow(picture, cmap="gray_r", vmin=low, vmax=high)
    axis.set_title(title, fontsize=9)
    axis.set(xticks=[], yticks=[])


def show_pictures(pictures, needs):
    """Draw arrays side by side, with their sizes and the range of their numbers.

    `pictures` is a dict of titles and 2-D arrays, `needs` the question that they are made with.
    """
    if any(np.ndim(picture) != 2 or np.size(picture) == 0 for picture in pictures.values()):
        print(f"Nothing to draw yet: {needs} has to give 2-D arrays first.")
        return
    figure, axes = plt.subplots(1, len(pictures), figsize=(2.3 * len(pictures), 2.8), squeeze=False)
    words = []
    for axis, (title, picture) in zip(axes[0], pictures.items(), strict=True):
        picture = np.asarray(picture, dtype=float)
        rows, columns = picture.shape
        size = f"{rows} × {columns}, {picture.min():.1f} to {picture.max():.1f}".replace("-", "−")
        draw(axis, picture, f"{title}\n{size}")
        words.append(f"{title.strip()}: {size}")
    show(figure, "Pictures side by side. " + "; ".join(words) + ".")


# ------------------------------------------------------------------------- a filter that slides


def slide_filter(picture, kernel):
    """Show a filter on a picture, one position at a time, with a slider to move it.

    Without JavaScript (in print, say) it stays at one position.
    """
    picture, kernel = np.asarray(picture, dtype=float), np.asarray(kernel, dtype=float)
    windows = np.lib.stride_tricks.sliding_window_view(picture, kernel.shape)
    response = (windows * kernel).sum(axis=(2, 3))
    data = {
        "picture": picture.round(2).tolist(),
        "kernel": kernel.round(2).tolist(),
        "response": response.round(2).tolist(),
        "shades": shades(response),
    }
    start = int(np.abs(response).argmax())
    row, column = divmod(start, response.shape[1])
    sentence = (
        f"Row {row}, column {column}: the products of the window and the filter add up to "
        f"{response[row, column]:.2f}."
    )
    page = _SLIDER.replace("DATA", json.dumps(data)).replace("START", str(start))
    page = page.replace("LAST", str(response.size - 1)).replace("SENTENCE", html.escape(sentence))
    page = page.replace("STILL", _still(picture, response, row, column, kernel.shape))
    display({"text/html": page, "text/plain": sentence}, raw=True)


def _cells(numbers, left, known):
    """The cells of an array as SVG squares of 8 x 8, from white to black; unknown ones are left out."""
    low, high = shades(numbers)
    squares = []
    for (row, column), number in np.ndenumerate(numbers):
        if row * numbers.shape[1] + column <= known:
            grey = round(255 - 255 * (number - low) / (high - low))
            squares.append(
                f'<rect x="{left + 8 * column}" y="{8 * row}" width="8" height="8" '
                f'fill="rgb({grey},{grey},{grey})"/>'
            )
    return "".join(squares)


def _still(picture, response, row, column, size):
    """The picture with the window at one position, and the response up to it, as SVG."""
    left = 8 * picture.shape[1] + 24
    width, height = left + 8 * response.shape[1], 8 * picture.shape[0]
    known = row * response.shape[1] + column
    return (
        f'<svg viewBox="-2 -2 {width + 4} {height + 4}" width="{width}" role="img" '
        'shape-rendering="crispEdges" '
        'aria-label="Left the picture with the window of the filter, right the response so far.">'
        f'<g class="picture">{_cells(picture, 0, picture.size)}</g>'
        f'<rect x="{left}" width="{width - left}" height="{8 * len(response)}" fill="{PALE}"/>'
        f'<g class="response">{_cells(response, left, known)}</g>'
        f'<rect class="window" x="{8 * column}" y="{8 * row}" width="{8 * size[1]}" '
        f'height="{8 * size[0]}" fill="none" stroke="{BLUE}" stroke-width="3"/>'
        f'<rect class="place" x="{left + 8 * column}" y="{8 * row}" width="8" height="8" '
        f'fill="none" stroke="{BLUE}" stroke-width="3"/></svg>'
    )


_SLIDER = """
<figure class="slide-filter">STILL
<p><label>Position of the filter:
<input type="range" min="0" max="LAST" value="START" style="width: 20em"></label></p>
<p aria-live="polite">SENTENCE</p>
<script>
(() => {
  const data = DATA, figure = document.currentScript.closest("figure");
  const columns = data.response[0].length, flat = data.response.flat();
  const [low, high] = data.shades;
  const left = 8 * data.picture[0].length + 24, cells = figure.querySelector(".response");
  const move = (element, x, y) => { element.setAttribute("x", x); element.setAttribute("y", y); };
  figure.querySelector("input").addEventListener("input", (event) => {
    const place = Number(event.target.value), row = Math.floor(place / columns);
    const column = place % columns;
    move(figure.querySelector(".window"), 8 * column, 8 * row);
    move(figure.querySelector(".place"), left + 8 * column, 8 * row);
    cells.innerHTML = flat.slice(0, place + 1).map((number, i) => {
      const grey = Math.round(255 - 255 * (number - low) / (high - low));
      return `<rect x="${left + 8 * (i % columns)}" y="${8 * Math.floor(i / columns)}" ` +
        `width="8" height="8" fill="rgb(${grey},${grey},${grey})"/>`;
    }).join("");
    figure.querySelector("[aria-live]").textContent = `Row ${row}, column ${column}: ` +
      `the products of the window and the filter add up to ${flat[place].toFixed(2)}.`;
  });
})();
</script></figure>
"""


# --------------------------------------------------------------------------- one's own net


def show_training(history, first=1):
    """Draw loss and accuracy by epoch, on the rows that were trained on and on the validation rows.

    `history` is what `model.fit` returned; the curves start at the epoch `first`.
    """
    records = getattr(history, "history", history)
    if not isinstance(records, dict) or not records:
        print("Keep what fit returns in `convnet_history` to see its curves here.")
        return
    if "val_loss" not in records:
        print("To see the validation, too, give fit: validation_data=(val_digits, val_labels)")
    records = {name: values[first - 1 :] for name, values in records.items()}
    names = [name for name in records if not name.startswith("val_")]
    figure, axes = plt.subplots(1, len(names), figsize=(4 * len(names), 2.6), squeeze=False)
    words = []
    for axis, name in zip(axes[0], names, strict=True):
        epochs = range(first, first + len(records[name]))
        axis.plot(epochs, records[name], color=BLUE, label="training")
        words.append(f"{name} in training from {records[name][0]:.3g} to {records[name][-1]:.3g}")
        if values := records.get(f"val_{name}"):
            axis.plot(epochs, values, color=ORANGE, ls="--", label="validation")
            words.append(f"in validation from {values[0]:.3g} to {values[-1]:.3g}")
        axis.set(title=name, xlabel="epoch")
        axis.legend()
    show(figure, "Curves by epoch: " + ", ".join(words) + ".")


def first_convolution(model):
    """The place of the first convolution layer among the layers of a model, or None."""
    for place, layer in enumerate(getattr(model, "layers", ())):
        if hasattr(layer, "kernel_size"):
            return place
    return None


def _why_not(model, sentence):
    """Why a picture of a net cannot be drawn: there is no net, or its convolutions are hidden."""
    if hasattr(model, "predict"):
        return "This picture needs a Sequential or functional net with a convolution layer in the net itself."
    return sentence


def show_filters(model):
    """Draw the filters of the first convolution layer, as they were learned."""
    place = first_convolution(model)
    if place is None:
        print(_why_not(model, "Answer q5_5 first: the picture shows the filters of `convnet`."))
        return
    kernel = np.asarray(model.layers[place].get_weights()[0])[:, :, 0]
    count = kernel.shape[-1]
    columns = min(8, count)
    rows = -(-count // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(1.3 * columns, 1.5 * rows), squeeze=False)
    bound = np.abs(kernel).max()
    for number, axis in enumerate(axes.flat):
        axis.axis("off")
        if number < count:
            axis.imshow(kernel[:, :, number], cmap="PuOr", vmin=-bound, vmax=bound)
            axis.set_title(number, fontsize=9)
            for (row, column), weight in np.ndenumerate(kernel[:, :, number]):
                sign = "+" if weight > bound / 4 else "−" if weight < -bound / 4 else ""
                dark = abs(weight) > 0.6 * bound
                colour = "white" if dark else "black"
                axis.text(column, row, sign, ha="center", va="center", fontsize=9, color=colour)
    size = " × ".join(str(side) for side in kernel.shape[:2])
    show(
        figure,
        f"The {count} filters of {size} of the first convolution layer. "
        "Weights that are clearly positive have a plus, clearly negative ones a minus.",
    )


def layer_outputs(model, picture):
    """What each layer of a model makes of one picture: a list of (name, array) in their order."""
    import keras

    made = {}

    def call(layer, *args, **kwargs):
        output = layer(*args, **kwargs)
        made.setdefault(layer.name, output)
        return output

    # each layer is called anew: one that is part of another model too has its first output there
    if isinstance(model, keras.Sequential):
        inputs = output = keras.Input(model.input_shape[1:], dtype=model.inputs[0].dtype)
        for layer in model.layers:
            output = call(layer, output)
    else:
        bare = keras.Model(model.inputs, model.outputs)  # without what `compile` has set
        copy = keras.models.clone_model(bare, None, lambda layer: layer, call)
        inputs = copy.inputs[0]
    every = keras.Model(inputs, [made.get(layer.name, inputs) for layer in model.layers])
    results = every.predict(np.reshape(picture, (1, 28, 28, 1)), verbose=0)
    if len(model.layers) == 1:
        results = [results]
    return [(layer.name, result[0]) for layer, result in zip(model.layers, results, strict=True)]


def show_feature_maps(model, picture, most=8):
    """Draw the maps of one picture, layer by layer: up to `most` of each layer that has maps."""
    if first_convolution(model) is None or not getattr(model, "inputs", None):
        print(_why_not(model, "Answer q5_5 first: the pictures are maps of `convnet`."))
        return
    maps = [(name, array) for name, array in layer_outputs(model, picture) if array.ndim == 3]
    figure, axes = plt.subplots(
        len(maps), most, figsize=(1.1 * most, 1.3 * len(maps)), squeeze=False
    )
    words = []
    for line, (name, array) in zip(axes, maps, strict=True):
        rows, columns, count = array.shape
        words.append(f"{name}, {count} of {rows} × {columns}")
        for number, axis in enumerate(line):
            axis.axis("off")
            if number < count:
                axis.imshow(array[:, :, number], cmap="gray_r", vmin=0, vmax=array.max() or 1)
                axis.text(-0.5, -0.5, number, fontsize=7, ha="right", va="top")
        first = f", the first {most}" if count > most else ""
        line[0].set_title(f"{name}: {rows} × {columns} × {count}{first}", fontsize=8, loc="left")
    figure.tight_layout()
    show(figure, "The maps of one digit, layer by layer: " + "; ".join(words) + ".")


def input_window(model, layer, row, column):
    """The cells of the input that one number of a layer's maps sees.

    `layer` is the place of the layer in the model. Returns (top, left, height, width); the window
    may reach beyond the picture where a layer pads it.
    """
    sides = []
    for side, place in ((0, row), (1, column)):
        first, size, step = place, 1, 1
        for passed in reversed(model.layers[: layer + 1]):
            width = getattr(passed, "kernel_size", None) or getattr(passed, "pool_size", None)
            if width is None:
                continue
            width = (width[side] - 1) * getattr(passed, "dilation_rate", (1, 1))[side] + 1
            step = passed.strides[side]
            before = 0
            if passed.padding == "same":
                length = passed.input.shape[1 + side]
                before = max((-(-length // step) - 1) * step + width - length, 0) // 2
            first, size = first * step - before, (size - 1) * step + width
        sides.append((first, size))
    (top, height), (left, width) = sides
    return top, left, height, width


def is_followed(model, layer):
    """Whether `input_window` is right: each layer is used once, after the one before it, and only windows
    change the size of maps."""
    steps = getattr(model, "operations", model.layers)  # with `a + b`, which is no layer
    if any(isinstance(step.input, list) and len(step.input) > 1 for step in steps):
        return False
    chain = [used for used in model.layers[: layer + 2] if type(used).__name__ != "InputLayer"]
    # of one that another model has too, the first dimension is that of the batch there
    if any(after.input.shape[1:] != before.output.shape[1:] for before, after in pairwise(chain)):
        return False
    return all(
        hasattr(used, "kernel_size")
        or hasattr(used, "pool_size")
        or used.input.shape[1:] == used.output.shape[1:]
        for used in chain
        if len(used.output.shape) == 4
    )


def show_receptive_field(model, picture, row=1, column=1):
    """Mark on a picture what one number of the last maps before `Flatten` sees of it."""
    if first_convolution(model) is None or not getattr(model, "inputs", None):
        print(_why_not(model, "Answer q5_5 first: the picture is about `convnet`."))
        return
    layer = max(place for place, used in enumerate(model.layers) if len(used.output.shape) == 4)
    if not is_followed(model, layer):
        print(
            "This picture needs a net whose layers follow each other, each used once, without branches, "
            "cropping or padding layers."
        )
        return
    last = model.layers[layer]
    rows, columns = last.output.shape[1:3]
    row, column = min(row, rows - 1), min(column, columns - 1)
    top, left, height, width = input_window(model, layer, row, column)
    figure, (shown, small) = plt.subplots(1, 2, figsize=(5, 2.6))
    draw(shown, picture, f"what it sees: {height} × {width}")
    shown.add_patch(Rectangle((left - 0.5, top - 0.5), width, height, fill=False, ec=BLUE, lw=3))
    output = dict(layer_outputs(model, picture))[last.name]
    draw(small, output[:, :, 0], f"one number of {last.name}, map 0")
    small.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, ec=BLUE, lw=3))
    show(
        figure,
        f"The number in row {row}, column {column} of {last.name} sees the window of "
        f"{height} × {width} pixels that starts in row {top}, column {left} of the digit.",
    )


def show_confusion(labels, predicted):
    """Draw how many digits of each class (rows) were read as which class (columns)."""
    counts = np.zeros((10, 10), dtype=int)
    np.add.at(counts, (np.asarray(labels), np.asarray(predicted)), 1)
    wrong = counts - np.diag(counts.diagonal())
    figure, axis = plt.subplots(figsize=(4.2, 4.2))
    axis.imshow(wrong, cmap="Oranges", vmax=max(wrong.max(), 1) * 1.5)
    for (true, read), count in np.ndenumerate(counts):
        if count:
            bold = "bold" if true != read else "normal"
            axis.text(read, true, count, ha="center", va="center", fontsize=9, weight=bold)
    axis.set(xticks=range(10), yticks=range(10), xlabel="read as", ylabel="true digit")
    right = counts.diagonal().sum()
    show(
        figure,
        f"Confusion matrix: {right} of {counts.sum()} digits are on the diagonal, "
        f"{wrong.sum()} beside it.",
    )


def show_mistakes(pictures, labels, scores, most=8):
    """Draw the digits that were read wrongly with the highest score."""
    scores, labels = np.asarray(scores), np.asarray(labels)
    read = scores.argmax(axis=1)
    wrong = np.flatnonzero(read != labels)
    if not wrong.size:
        print("No digit was read wrongly.")
        return
    worst = wrong[np.argsort(-scores[wrong, read[wrong]])][:most]
    figure, axes = plt.subplots(1, len(worst), figsize=(1.3 * len(worst), 1.7), squeeze=False)
    words = []
    for axis, place in zip(axes[0], worst, strict=True):
        score = scores[place, read[place]]
        draw(
            axis,
            np.reshape(pictures[place], (28, 28)),
            f"{labels[place]} as {read[place]}\n{score:.2f}",
        )
        words.append(f"a {labels[place]} read as {read[place]} with {score:.2f}")
    show(figure, "The mistakes with the highest scores: " + ", ".join(words) + ".")
