"""The functions that draw the lab's pictures: what they compute, and what they say."""

from __future__ import annotations

import importlib.util
import itertools
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat
import numpy as np
import pytest
from chromium import needs_chromium, open_chromium
from conftest import PROJECT


@pytest.fixture(scope="module")
def pictures() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "lab_pictures", PROJECT / "assignment" / "lab_pictures.py"
    )
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def convnet(*parts: Any) -> Any:
    import keras

    keras.utils.set_random_seed(3)
    return keras.Sequential([keras.Input((28, 28, 1)), *parts])


def nets() -> dict[str, Any]:
    from keras import layers as L

    return {
        "of the question": [L.Conv2D(2, 3), L.AveragePooling2D(2), L.Conv2D(3, 3), L.AveragePooling2D(2)],
        "same": [L.Conv2D(2, 5, padding="same"), L.AveragePooling2D(2), L.Conv2D(2, 3, padding="same")],
        "strides": [L.Rescaling(2.0), L.Conv2D(2, (3, 5), strides=(2, 3)), L.Conv2D(2, 2, strides=2)],
        "same with strides": [L.Conv2D(2, 4, strides=3, padding="same"), L.Conv2D(2, 3, padding="same")],
        "dilated": [L.Conv2D(2, 3, dilation_rate=2), L.BatchNormalization(), L.DepthwiseConv2D(3)],
    }  # fmt: skip


def test_the_window_of_a_number_holds_all_pixels_that_change_it_and_no_others(
    pictures: ModuleType,
) -> None:
    for name, parts in nets().items():
        model = convnet(*parts)
        last = len(model.layers) - 1
        rows, columns = model.output_shape[1:3]
        one_each = np.eye(784, dtype=np.float32).reshape(-1, 28, 28, 1)
        changes = np.abs(np.asarray(model(one_each)) - np.asarray(model(np.zeros((1, 28, 28, 1)))))
        for row, column in itertools.product((0, rows // 2, rows - 1), (0, columns - 1)):
            top, left, height, width = pictures.input_window(model, last, row, column)
            window = np.zeros((28, 28), dtype=bool)
            window[max(top, 0) : top + height, max(left, 0) : left + width] = True
            changing = changes[:, row, column].max(axis=-1).reshape(28, 28) > 1e-7
            assert not (changing & ~window).any(), name
            seen = np.argwhere(changing)
            for side, length in ((0, (top, height)), (1, (left, width))):
                first, last_seen = max(length[0], 0), min(length[0] + length[1], 28) - 1
                assert (seen[:, side].min(), seen[:, side].max()) == (first, last_seen), name


def test_a_layer_s_output_is_what_the_net_makes_of_a_picture(pictures: ModuleType) -> None:
    import keras

    picture = np.random.default_rng(1).random((28, 28)).astype(np.float32)
    built_by_call = keras.Sequential([keras.layers.Conv2D(2, 3, activation="relu")])
    built_by_call.build((None, 28, 28, 1))
    for model in (convnet(*nets()["of the question"]), built_by_call):
        x = picture[np.newaxis, :, :, np.newaxis]
        outputs = pictures.layer_outputs(model, picture)
        assert [name for name, _ in outputs] == [layer.name for layer in model.layers]
        for (_, array), layer in zip(outputs, model.layers, strict=True):
            x = layer(x)
            assert np.allclose(array, x[0], atol=1e-5)
        assert pictures.first_convolution(model) == 0


def test_layers_that_another_model_has_too_show_what_they_make_in_this_one(
    pictures: ModuleType,
) -> None:
    import keras
    from keras import layers

    turning = keras.Sequential([layers.RandomRotation(0.05), layers.RandomContrast(0.2)])
    turning(np.zeros((2, 28, 28, 1)))
    picture = np.random.default_rng(0).random((28, 28, 1)).astype("float32")

    def head() -> list[Any]:
        return [layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(10)]

    def functional(*parts: Any) -> Any:
        output = inputs = keras.Input((28, 28, 1))
        for part in parts:
            output = part(output)
        return keras.Model(inputs, output)

    for model in (
        keras.Sequential([keras.Input((28, 28, 1)), *turning.layers, *head()]),
        functional(turning, *head()),
        functional(*turning.layers, *head()),
    ):
        model.compile("adam", loss=lambda labels, scores: scores)  # no copy of it can be made
        outputs = pictures.layer_outputs(model, picture)
        assert [name for name, _ in outputs] == [layer.name for layer in model.layers]
        assert np.allclose(outputs[-4][1], picture)  # nothing is turned
        expected = model.predict(picture[np.newaxis], verbose=0)[0]
        assert np.allclose(outputs[-1][1], expected, atol=1e-5)


@pytest.mark.parametrize("model", [None, ..., 5])
def test_without_a_net_a_picture_says_what_it_needs(
    pictures: ModuleType, model: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    digit = np.zeros((28, 28))
    pictures.show_filters(model)
    pictures.show_feature_maps(model, digit)
    pictures.show_receptive_field(model, digit)
    pictures.show_training(model)
    *needs, curves = capsys.readouterr().out.splitlines()
    assert len(needs) == 3 and all(line.startswith("Answer q5_5 first: ") for line in needs)
    assert "`convnet_history`" in curves


def test_a_net_whose_layers_cannot_be_seen_gets_a_sentence(
    pictures: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    import keras

    class Own(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.net = convnet(*nets()["of the question"])

        def call(self, x: Any) -> Any:
            return self.net(x)

    own = Own()
    own(np.zeros((1, 28, 28, 1)))
    nested = keras.Sequential([keras.Input((28, 28, 1)), own.net])
    for model in (own, nested):
        pictures.show_filters(model)
        pictures.show_feature_maps(model, np.zeros((28, 28)))
        pictures.show_receptive_field(model, np.zeros((28, 28)))
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 6 and all("in the net itself" in line for line in lines)


def test_a_window_is_drawn_only_where_it_can_be_followed(
    pictures: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    import keras
    from keras import layers

    def net(*branches: Any) -> Any:
        inputs = keras.Input((28, 28, 1))
        joined = branches[0](inputs) + branches[1](inputs)
        return keras.Model(inputs, layers.Conv2D(2, 3)(joined))

    same = [layers.Conv2D(2, width, padding="same") for width in (3, 5)]
    cropped = convnet(layers.Cropping2D(2), layers.Conv2D(2, 3))
    inputs, pool = keras.Input((28, 28, 1)), layers.MaxPooling2D(2)
    twice = keras.Model(inputs, layers.Flatten()(pool(layers.Conv2D(2, 3)(pool(inputs)))))
    turning = layers.RandomRotation(0.05)
    turning(np.zeros((2, 28, 28, 1)))  # as in `augment`, before it is part of the net
    followed = convnet(turning, layers.Rescaling(2.0), layers.Conv2D(2, 3), layers.Flatten())
    for model in (net(*same), cropped, twice, followed):
        pictures.show_receptive_field(model, np.zeros((28, 28)))
    *refused, shown = capsys.readouterr().out.splitlines()
    assert len(refused) == 3 and all("without branches" in line for line in refused)
    assert "sees the window of 3 × 3 pixels" in shown


def test_every_picture_of_the_solution_is_described() -> None:
    notebook = nbformat.read(PROJECT / "solutions" / "intro_convnets.ipynb", as_version=4)
    outputs = [o for cell in notebook.cells for o in cell.get("outputs", ()) if "data" in o]
    drawn = [output for output in outputs if "image/png" in output.data]
    assert len(drawn) >= 12
    texts = [output.metadata.get("image/png", {}).get("alt", "") for output in drawn]
    assert all(len(text) > 30 for text in texts) and len(set(texts)) == len(texts)


@needs_chromium
@pytest.mark.xdist_group("browser")
def test_the_slider_moves_the_filter_and_says_the_sum(tmp_path: Path) -> None:
    notebook = nbformat.read(PROJECT / "solutions" / "intro_convnets.ipynb", as_version=4)
    (page,) = [
        output.data["text/html"]
        for cell in notebook.cells
        if "slide_filter(digit" in cell.source
        for output in cell.outputs
    ]
    with np.load(PROJECT / "assignment" / "data" / "digits.npz") as archive:
        digit = archive["images"][25] / 255
    (tmp_path / "slider.html").write_text(f"<!doctype html><body>{page}", encoding="utf-8")
    with open_chromium() as browser:
        tab = browser.new_page()
        tab.goto((tmp_path / "slider.html").as_uri())
        slider, sentence = tab.get_by_label("Position of the filter"), tab.locator("[aria-live]")
        for row, column in ((0, 0), (12, 7), (25, 25)):
            slider.fill(str(26 * row + column))
            total = (digit[row : row + 3, column : column + 3] * np.array([[1], [0], [-1]])).sum()
            assert sentence.inner_text() == (
                f"Row {row}, column {column}: the products of the window and the filter add up to "
                f"{total:.2f}."
            ).replace("-0.00", "0.00")
            assert tab.locator(".window").get_attribute("x") == str(8 * column)
            assert tab.locator(".response rect").count() == 26 * row + column + 1
