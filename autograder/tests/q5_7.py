from otter.test_files import test_case

OK_FORMAT = False

name = "q5_7"
points = 2

@test_case(points=0, hidden=False)
def test_q5_7_form(brightest_map):
    import math
    import reprlib
    import numpy as np

    def number(value):
        if value is None or isinstance(value, (bool, str, bytes)):
            return None
        try:
            cells = np.asarray(value).reshape(-1)
            if cells.size != 1 or isinstance(cells[0], (bool, np.bool_, str, bytes)):
                return None
            return float(cells[0])
        except Exception:
            return None

    def whole(value):
        found = number(value)
        if found is None or not math.isfinite(found) or found != int(found):
            return None
        return int(found)

    def shown(value):
        return ' '.join(reprlib.repr(value).split())
    found = whole(brightest_map)
    assert found is not None and found >= 0, f'brightest_map should be the index of a map, a whole number from 0; it is {shown(brightest_map)}'

@test_case(points=2, hidden=True, 
    failure_message="brightest_map is not the map of the first convolution layer with the largest mean on val_digits[0]. Take the mean over height and width of each map, after the activation, and count from 0. Compute it with code: the grader trains your net again.")
def test_q5_7_brightest(brightest_map, convnet):
    import math
    import numpy as np

    def number(value):
        if value is None or isinstance(value, (bool, str, bytes)):
            return None
        try:
            cells = np.asarray(value).reshape(-1)
            if cells.size != 1 or isinstance(cells[0], (bool, np.bool_, str, bytes)):
                return None
            return float(cells[0])
        except Exception:
            return None

    def whole(value):
        found = number(value)
        if found is None or not math.isfinite(found) or found != int(found):
            return None
        return int(found)

    def first_maps(model):
        with np.load('data/digits.npz') as archive:
            picture = archive['images'][3000:3001, :, :, np.newaxis].astype('float32') / 255

        def output(layer):
            if hasattr(layer, 'compute'):
                return np.asarray(layer.compute(picture), dtype=float)
            import keras
            part = keras.Model(model.inputs, layer.output)
            return np.asarray(part.predict(picture, verbose=0), dtype=float)
        steps = list(getattr(model, 'operations', None) or model.layers)
        kinds = [type(step).__name__ for step in steps]
        settings = [step.get_config() for step in steps]

        def is_convolution(i):
            return 'kernel_size' in settings[i] or kinds[i] in ('Conv2D', 'DepthwiseConv2dNative')

        def maps_of(place):
            """The maps of a convolution, as they are, after ReLU, and after the activation that follows."""
            first = output(steps[place])
            if settings[place].get('activation') not in (None, 'linear'):
                return [first]
            maps = [first, np.maximum(first, 0)]
            for i in range(place + 1, len(steps)):
                made = output(steps[i])
                is_same_shape = made.shape == first.shape
                if is_convolution(i) or 'Pool' in kinds[i] or (settings[i] and (not is_same_shape)):
                    break
                if is_same_shape and kinds[i].lower().endswith(('activation', 'lu', 'relu6', 'tanh', 'sigmoid', 'softplus')):
                    return [*maps, made] if settings[place] else [made]
                if is_same_shape and (not settings[place]):
                    maps += [made, np.maximum(made, 0)]
            return maps
        places = [i for i in range(len(steps)) if is_convolution(i)]
        assert places, 'The grader finds no convolution in convnet.'
        layers = [i for i in places if settings[i]]
        return [maps for i in {places[0], *layers[:1]} for maps in maps_of(i)]
    found = whole(brightest_map)
    for maps in first_maps(convnet):
        means = maps[0].mean(axis=(0, 1))
        if 0 <= found < len(means) and means[found] >= means.max() - 0.0001:
            return
    raise AssertionError

