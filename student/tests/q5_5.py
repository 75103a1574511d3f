from otter.test_files import test_case

OK_FORMAT = False

name = "q5_5"
points = 6

@test_case(points=0, hidden=False)
def test_q5_5_form(predicted_params, convnet):
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

    def shapes(model):
        return [tuple(np.asarray(w).shape) for w in model.get_weights()]

    def shown(value):
        return ' '.join(reprlib.repr(value).split())
    found = whole(predicted_params)
    assert found is not None and found > 0, f'predicted_params should be a positive whole number; it is {shown(predicted_params)}'
    assert type(convnet).__name__ != 'History', 'convnet is what fit returned; keep the model itself in it'
    assert hasattr(convnet, 'predict') and hasattr(convnet, 'get_weights'), f'convnet should be a Keras model; it is {shown(convnet)}'
    answer = np.asarray(convnet.predict(np.zeros((3, 28, 28, 1), dtype='float32'), verbose=0))
    assert answer.shape == (3, 10), f'convnet should give 10 scores for each picture of shape (28, 28, 1); for 3 pictures it gives an array of shape {answer.shape}'
    assert any((len(shape) == 4 for shape in shapes(convnet))), 'convnet should have at least one convolution layer'
    count = sum((math.prod(shape) for shape in shapes(convnet)))
    assert count <= 20000, f'convnet should have at most 20,000 parameters; it has {count:,}'

