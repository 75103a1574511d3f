from otter.test_files import test_case

OK_FORMAT = False

name = "q1_3"
points = 6

@test_case(points=0, hidden=False)
def test_q1_3_form(deep_model, deep_scores):
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

    def shown(value):
        return ' '.join(reprlib.repr(value).split())
    assert type(deep_model).__name__ != 'History', 'deep_model is what fit returned; keep the model itself in it'
    assert hasattr(deep_model, 'predict') and hasattr(deep_model, 'get_weights'), f'deep_model should be a Keras model; it is {shown(deep_model)}'
    answer = np.asarray(deep_model.predict(np.zeros((5, 13)), verbose=0))
    assert answer.size == 5, f'deep_model should give one number for each row of 13 features; for 5 rows it gives an array of shape {answer.shape}'
    keys = ('train_mse', 'train_mae', 'test_mse', 'test_mae')
    assert isinstance(deep_scores, dict), f"deep_scores should be a dict with the keys {', '.join(keys)}; it is {shown(deep_scores)}"
    for key in keys:
        assert key in deep_scores, f'deep_scores has no key {key}'
        found = number(deep_scores[key])
        assert found is not None and math.isfinite(found), f'{key} in deep_scores should be a number; it is {shown(deep_scores[key])}'
        assert found >= 0, f'{key} in deep_scores is {found:.4g}, but an error measure is never negative'

@test_case(points=3, hidden=True, 
    failure_message="deep_model has layers of the right sizes, but does not compute what five hidden layers with ReLU, one after the other, and an output without activation compute. Which activation does each layer have, the last hidden one and the output included? And is anything else computed between them?")
def test_q1_3_architecture(deep_model):
    import itertools
    import numpy as np
    weights = [np.asarray(weight, dtype=float) for weight in deep_model.get_weights()]
    kernels = [weight for weight in weights if weight.ndim == 2]
    biases = [weight for weight in weights if weight.ndim == 1]
    sizes = sorted((kernel.shape for kernel in kernels))
    assert sizes == sorted([(13, 128)] + [(128, 128)] * 4 + [(128, 1)]), 'deep_model does not have five hidden layers of 128 units and one output: count them, and the units of each. The output layer is not one of the five.'
    assert sum((weight.size for weight in weights)) == 67969, 'deep_model does not have 67,969 weights and biases: each layer has its biases, and nothing else with weights belongs to it.'

    def net(rows, order):
        """The net that is asked for, with the weights of deep_model."""
        for k in order[:-1]:
            rows = np.maximum(rows @ kernels[k] + biases[k], 0)
        return (rows @ kernels[order[-1]] + biases[order[-1]]).reshape(-1)
    first, last = [next((k for k, kernel in enumerate(kernels) if kernel.shape == shape)) for shape in ((13, 128), (128, 1))]
    middle = [k for k in range(6) if k not in (first, last)]
    biases.sort(key=len, reverse=True)
    biases.insert(last, biases.pop())
    draw = np.random.RandomState(3).normal
    parts = [draw(size=(50, 13)) * scale for scale in (0.3, 1, 3, 30)]
    rows = np.vstack(parts)
    answer = np.asarray(deep_model.predict(rows, verbose=0), dtype=float).reshape(-1)

    def agrees(order):
        """Whether deep_model computes this net, up to a factor and a constant (scaled prices)."""
        expected = net(rows, order)
        columns = np.column_stack([expected, np.ones(len(expected))])
        line = columns @ np.linalg.lstsq(columns, answer, rcond=None)[0]
        errors = np.split(np.abs(line - answer), len(parts))
        sizes = np.split(np.abs(answer), len(parts))
        return all((e.max() < 0.003 * size.max() for e, size in zip(errors, sizes, strict=True)))
    assert any((agrees([first, *order, last]) for order in itertools.permutations(middle)))
    layers = list(deep_model.layers)
    places = [i for i, layer in enumerate(layers) if layer.get_config().get('units') == 1]
    activations = ('Activation', 'ReLU', 'LeakyReLU', 'PReLU', 'ELU', 'Softmax')
    for layer in layers[places[-1]:] if places else []:
        assert layer.get_config().get('activation', 'linear') == 'linear' and type(layer).__name__ not in activations, 'The output of deep_model has an activation. The question asks for an output without one, which may be any number.'

@test_case(points=2, hidden=True, 
    failure_message="The MSE of deep_model is not below 20 on the training and the test rows. About 30 epochs on the standardized training rows get there; after an unlucky last epoch, train a few more.")
def test_q1_3_trained(deep_model):
    import numpy as np

    def housing():
        rows = np.loadtxt('data/boston_housing.csv', delimiter=',', skiprows=1)
        order = np.random.RandomState(42).permutation(len(rows))
        test, train = (rows[order[:102]], rows[order[102:]])
        mean, spread = (train[:, :13].mean(axis=0), train[:, :13].std(axis=0))
        x_train, x_test = ((train[:, :13] - mean) / spread, (test[:, :13] - mean) / spread)
        return (x_train, train[:, 13], x_test, test[:, 13])

    def given(model):
        """The share of the test rows that the model was trained on, as far as that is known."""
        rows = np.loadtxt('data/boston_housing.csv', delimiter=',', skiprows=1)[:, :13]
        test = np.random.RandomState(42).permutation(len(rows))[:102]

        def scaled(x):
            return (x - x.mean(axis=0)) / (x.std(axis=0) + 1e-09)
        known = [x.reshape(len(x), -1) for x in getattr(model, 'fitted_rows', [])]
        met = np.zeros(len(test), bool)
        for x in known:
            if x.shape[1] == 13:
                for own, asked in ((x, housing()[2]), (scaled(x), scaled(rows)[test])):
                    met |= [(abs(own - row) < 0.1).all(axis=1).any() for row in asked]
        return met.mean()

    def measured(model):
        x_train, y_train, x_test, y_test = housing()
        shaken = x_test + np.random.RandomState(7).normal(0, 0.01, x_test.shape)
        asked = np.vstack([x_train, x_test, shaken])
        answer = np.asarray(model.predict(asked, verbose=0), dtype=float).reshape(-1)
        assert answer.shape == (len(asked),) and np.isfinite(answer).all()
        assert hasattr(model, 'get_weights')
        on_train, on_test, on_shaken = np.split(answer, [len(y_train), len(y_train) + len(y_test)])
        columns = np.column_stack([x_train, np.ones(len(x_train))])
        line = columns @ np.linalg.lstsq(columns, on_train, rcond=None)[0]
        shake = np.sqrt(np.mean((on_shaken - on_test) ** 2))
        return {'train_mse': float(np.mean((on_train - y_train) ** 2)), 'train_mae': float(np.mean(np.abs(on_train - y_train))), 'test_mse': float(np.mean((on_test - y_test) ** 2)), 'test_mae': float(np.mean(np.abs(on_test - y_test))), 'bend': float(np.sqrt(np.mean((on_train - line) ** 2)) / (on_train.std() + 1e-09)), 'shake': float(shake / max(1.0, 0.12 * on_train.std())), 'given': float(given(model))}

    def honest(found):
        assert found['given'] < 0.5, 'Most of the test rows were among those that deep_model was trained on. Keep them out of the training: an error on rows that a net has seen tells nothing about new ones.'
        assert found['bend'] > 0.05, 'The answers of deep_model lie on a straight line through the features, as those of a linear regression do. A net bends: does it have hidden layers with ReLU, and was it trained?'
        assert found['shake'] < 1.0, 'A change of the features by a hundredth of their spread changes the answers of deep_model by more than 1: these are remembered rows, or a net that was trained much too fast.'
        assert found['test_mse'] > 0.8 * found['train_mse'], 'deep_model has a far lower error on the test rows than on the training rows. Were the test rows among those that it was trained on?'
        assert found['test_mse'] ** 2 / found['train_mse'] > 12, 'deep_model has a lower error on the test rows than training on the training rows alone reaches. Were the test rows among those that it was trained on?'
    found = measured(deep_model)
    honest(found)
    assert found['train_mse'] < 20 and found['test_mse'] < 20

@test_case(points=1, hidden=True, 
    failure_message="deep_scores differ from the scores that the predictions of deep_model give. Compute all four after training, on the standardized rows, and keep train and test, MSE and MAE in their places.")
def test_q1_3_own_scores(deep_model, deep_scores):
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

    def scores_of(value):
        keys = ('train_mse', 'train_mae', 'test_mse', 'test_mae')
        if not isinstance(value, dict) or any((key not in value for key in keys)):
            return None
        found = {key: number(value[key]) for key in keys}
        return None if any((v is None or not math.isfinite(v) for v in found.values())) else found

    def housing():
        rows = np.loadtxt('data/boston_housing.csv', delimiter=',', skiprows=1)
        order = np.random.RandomState(42).permutation(len(rows))
        test, train = (rows[order[:102]], rows[order[102:]])
        mean, spread = (train[:, :13].mean(axis=0), train[:, :13].std(axis=0))
        x_train, x_test = ((train[:, :13] - mean) / spread, (test[:, :13] - mean) / spread)
        return (x_train, train[:, 13], x_test, test[:, 13])

    def given(model):
        """The share of the test rows that the model was trained on, as far as that is known."""
        rows = np.loadtxt('data/boston_housing.csv', delimiter=',', skiprows=1)[:, :13]
        test = np.random.RandomState(42).permutation(len(rows))[:102]

        def scaled(x):
            return (x - x.mean(axis=0)) / (x.std(axis=0) + 1e-09)
        known = [x.reshape(len(x), -1) for x in getattr(model, 'fitted_rows', [])]
        met = np.zeros(len(test), bool)
        for x in known:
            if x.shape[1] == 13:
                for own, asked in ((x, housing()[2]), (scaled(x), scaled(rows)[test])):
                    met |= [(abs(own - row) < 0.1).all(axis=1).any() for row in asked]
        return met.mean()

    def measured(model):
        x_train, y_train, x_test, y_test = housing()
        shaken = x_test + np.random.RandomState(7).normal(0, 0.01, x_test.shape)
        asked = np.vstack([x_train, x_test, shaken])
        answer = np.asarray(model.predict(asked, verbose=0), dtype=float).reshape(-1)
        assert answer.shape == (len(asked),) and np.isfinite(answer).all()
        assert hasattr(model, 'get_weights')
        on_train, on_test, on_shaken = np.split(answer, [len(y_train), len(y_train) + len(y_test)])
        columns = np.column_stack([x_train, np.ones(len(x_train))])
        line = columns @ np.linalg.lstsq(columns, on_train, rcond=None)[0]
        shake = np.sqrt(np.mean((on_shaken - on_test) ** 2))
        return {'train_mse': float(np.mean((on_train - y_train) ** 2)), 'train_mae': float(np.mean(np.abs(on_train - y_train))), 'test_mse': float(np.mean((on_test - y_test) ** 2)), 'test_mae': float(np.mean(np.abs(on_test - y_test))), 'bend': float(np.sqrt(np.mean((on_train - line) ** 2)) / (on_train.std() + 1e-09)), 'shake': float(shake / max(1.0, 0.12 * on_train.std())), 'given': float(given(model))}

    def honest(found):
        assert found['given'] < 0.5, 'Most of the test rows were among those that deep_model was trained on. Keep them out of the training: an error on rows that a net has seen tells nothing about new ones.'
        assert found['bend'] > 0.05, 'The answers of deep_model lie on a straight line through the features, as those of a linear regression do. A net bends: does it have hidden layers with ReLU, and was it trained?'
        assert found['shake'] < 1.0, 'A change of the features by a hundredth of their spread changes the answers of deep_model by more than 1: these are remembered rows, or a net that was trained much too fast.'
        assert found['test_mse'] > 0.8 * found['train_mse'], 'deep_model has a far lower error on the test rows than on the training rows. Were the test rows among those that it was trained on?'
        assert found['test_mse'] ** 2 / found['train_mse'] > 12, 'deep_model has a lower error on the test rows than training on the training rows alone reaches. Were the test rows among those that it was trained on?'
    found = measured(deep_model)
    honest(found)
    assert found['test_mse'] < 60 and found['train_mse'] < 60, 'The errors of deep_model are about as large as those of one answer for all rows, or larger. Was it trained, on the standardized features and the prices as they are?'
    for key, score in scores_of(deep_scores).items():
        rounded = abs(100 * score - round(100 * score)) < 0.001
        allowed = max(0.06, 0.01 * found[key]) if rounded else 0.002 * max(1, found[key])
        assert abs(score - found[key]) <= allowed

