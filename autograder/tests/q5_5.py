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

@test_case(points=2, hidden=True, 
    failure_message="predicted_params is not the number of parameters of convnet. Go through the table of the example layer by layer with your own sizes: the depth of each filter, the biases, the size after each pooling, and what is left when the maps are flattened.")
def test_q5_5_prediction(predicted_params, convnet):
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

    def shapes(model):
        return [tuple(np.asarray(w).shape) for w in model.get_weights()]
    assert any((len(shape) == 4 for shape in shapes(convnet))), 'convnet has no convolution layer.'
    assert whole(predicted_params) == sum((math.prod(shape) for shape in shapes(convnet)))

@test_case(points=2, hidden=True, 
    failure_message="convnet does not read most of the digits that it has not seen. Was it trained on pictures scaled to values from 0 to 1, with a loss that fits its last layer?")
def test_q5_5_most_digits(convnet):
    import math
    import numpy as np

    def shapes(model):
        return [tuple(np.asarray(w).shape) for w in model.get_weights()]
    assert any((len(shape) == 4 for shape in shapes(convnet))), 'convnet has no convolution layer.'
    assert sum((math.prod(shape) for shape in shapes(convnet))) <= 20000, 'convnet has more than 20,000 parameters.'
    with np.load('held_back/digits.npz') as archive:
        images = archive['images'][:1000, :, :, np.newaxis].astype('float32') / 255
        labels = archive['labels'][:1000]
    scores = np.asarray(convnet.predict(images, verbose=0), dtype=float)
    assert scores.shape == (1000, 10) and np.isfinite(scores).all()
    assert np.mean(scores.argmax(axis=1) == labels) >= 0.75

@test_case(points=1, hidden=True, 
    failure_message="convnet reads clearly fewer of the unseen digits than the net described in the question does. Was it trained for more than one epoch?")
def test_q5_5_most_of_the_rest(convnet):
    import math
    import numpy as np

    def shapes(model):
        return [tuple(np.asarray(w).shape) for w in model.get_weights()]
    assert any((len(shape) == 4 for shape in shapes(convnet))), 'convnet has no convolution layer.'
    assert sum((math.prod(shape) for shape in shapes(convnet))) <= 20000, 'convnet has more than 20,000 parameters.'
    with np.load('held_back/digits.npz') as archive:
        images = archive['images'][:1000, :, :, np.newaxis].astype('float32') / 255
        labels = archive['labels'][:1000]
    scores = np.asarray(convnet.predict(images, verbose=0), dtype=float)
    assert scores.shape == (1000, 10) and np.isfinite(scores).all()
    assert np.mean(scores.argmax(axis=1) == labels) >= 0.85

@test_case(points=1, hidden=True, 
    failure_message="convnet reads fewer of the unseen digits than the net described in the question does. Two convolution layers, each with ReLU and pooling, and some epochs more usually help.")
def test_q5_5_nearly_all_digits(convnet):
    import math
    import numpy as np

    def shapes(model):
        return [tuple(np.asarray(w).shape) for w in model.get_weights()]
    assert any((len(shape) == 4 for shape in shapes(convnet))), 'convnet has no convolution layer.'
    assert sum((math.prod(shape) for shape in shapes(convnet))) <= 20000, 'convnet has more than 20,000 parameters.'
    with np.load('held_back/digits.npz') as archive:
        images = archive['images'][:1000, :, :, np.newaxis].astype('float32') / 255
        labels = archive['labels'][:1000]
    scores = np.asarray(convnet.predict(images, verbose=0), dtype=float)
    assert scores.shape == (1000, 10) and np.isfinite(scores).all()
    assert np.mean(scores.argmax(axis=1) == labels) >= 0.9

