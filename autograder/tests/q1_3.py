from otter.test_files import test_case

OK_FORMAT = False

name = "q1_3"
points = 6

@test_case(points=0, hidden=False)
def test_q1_3_form(deep_model, deep_scores):
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
    assert hasattr(deep_model, 'predict') and hasattr(deep_model, 'get_weights'), 'deep_model should be a Keras model'
    answer = np.asarray(deep_model.predict(np.zeros((5, 13)), verbose=0))
    assert answer.size == 5, 'deep_model should take rows of 13 features and give one number for each row'
    found = scores_of(deep_scores)
    assert found is not None, 'deep_scores should be a dict with the keys train_mse, train_mae, test_mse and test_mae, each a number'
    assert min(found.values()) >= 0, 'an error measure is never negative: look at the four numbers in deep_scores'

@test_case(points=3, hidden=True, 
    failure_message="deep_model is not the net that was asked for: count its hidden layers (the output layer is not one of them) and the units of each, and check that every hidden layer has a ReLU activation and its biases, and that nothing else with weights was added.")
def test_q1_3_architecture(deep_model):
    import math
    import numpy as np

    def housing():
        rows = np.loadtxt('data/boston_housing.csv', delimiter=',', skiprows=1)
        order = np.random.RandomState(42).permutation(len(rows))
        test, train = (rows[order[:102]], rows[order[102:]])
        mean, spread = (train[:, :13].mean(axis=0), train[:, :13].std(axis=0))
        x_train, x_test = ((train[:, :13] - mean) / spread, (test[:, :13] - mean) / spread)
        return (x_train, train[:, 13], x_test, test[:, 13])

    def measured(model):
        x_train, y_train, x_test, y_test = housing()
        shaken = x_test + np.random.RandomState(7).normal(0, 0.01, x_test.shape)
        asked = np.vstack([x_train, x_test, shaken])
        answer = np.asarray(model.predict(asked, verbose=0), dtype=float).reshape(-1)
        assert answer.shape == (len(asked),) and np.isfinite(answer).all()
        sum((np.asarray(w).size for w in model.get_weights()))
        on_train, on_test, on_shaken = np.split(answer, [len(y_train), len(y_train) + len(y_test)])
        columns = np.column_stack([x_train, np.ones(len(x_train))])
        line = columns @ np.linalg.lstsq(columns, on_train, rcond=None)[0]
        return {'train_mse': float(np.mean((on_train - y_train) ** 2)), 'train_mae': float(np.mean(np.abs(on_train - y_train))), 'test_mse': float(np.mean((on_test - y_test) ** 2)), 'test_mae': float(np.mean(np.abs(on_test - y_test))), 'bend': float(np.sqrt(np.mean((on_train - line) ** 2)) / (on_train.std() + 1e-09)), 'shake': float(np.sqrt(np.mean((on_shaken - on_test) ** 2)))}

    def shapes(model):
        return [tuple(np.asarray(w).shape) for w in model.get_weights()]
    found = shapes(deep_model)
    kernels = [shape for shape in found if len(shape) == 2]
    assert sorted(kernels) == sorted([(13, 128)] + [(128, 128)] * 4 + [(128, 1)])
    assert sum((math.prod(shape) for shape in found)) == 67969
    assert measured(deep_model)['bend'] > 0.05
    far = 10000.0 * np.random.RandomState(3).normal(size=(50, 13))
    once, twice = (np.ravel(deep_model.predict(times * far, verbose=0)) for times in (1, 2))
    assert np.mean(np.abs(twice - 2 * once) < 0.2 * np.abs(once)) > 0.5

@test_case(points=2, hidden=True, 
    failure_message="deep_model has not learned enough, or is not the deep net, or has seen rows that it should not have. Train it on the standardized training rows for about 30 epochs, and keep the test rows out.")
def test_q1_3_trained(deep_model):
    import numpy as np

    def housing():
        rows = np.loadtxt('data/boston_housing.csv', delimiter=',', skiprows=1)
        order = np.random.RandomState(42).permutation(len(rows))
        test, train = (rows[order[:102]], rows[order[102:]])
        mean, spread = (train[:, :13].mean(axis=0), train[:, :13].std(axis=0))
        x_train, x_test = ((train[:, :13] - mean) / spread, (test[:, :13] - mean) / spread)
        return (x_train, train[:, 13], x_test, test[:, 13])

    def measured(model):
        x_train, y_train, x_test, y_test = housing()
        shaken = x_test + np.random.RandomState(7).normal(0, 0.01, x_test.shape)
        asked = np.vstack([x_train, x_test, shaken])
        answer = np.asarray(model.predict(asked, verbose=0), dtype=float).reshape(-1)
        assert answer.shape == (len(asked),) and np.isfinite(answer).all()
        sum((np.asarray(w).size for w in model.get_weights()))
        on_train, on_test, on_shaken = np.split(answer, [len(y_train), len(y_train) + len(y_test)])
        columns = np.column_stack([x_train, np.ones(len(x_train))])
        line = columns @ np.linalg.lstsq(columns, on_train, rcond=None)[0]
        return {'train_mse': float(np.mean((on_train - y_train) ** 2)), 'train_mae': float(np.mean(np.abs(on_train - y_train))), 'test_mse': float(np.mean((on_test - y_test) ** 2)), 'test_mae': float(np.mean(np.abs(on_test - y_test))), 'bend': float(np.sqrt(np.mean((on_train - line) ** 2)) / (on_train.std() + 1e-09)), 'shake': float(np.sqrt(np.mean((on_shaken - on_test) ** 2)))}

    def honest(found):
        assert found['bend'] > 0.05
        assert found['shake'] < 1.0
        assert found['test_mse'] > 0.8 * found['train_mse']
        assert found['test_mse'] ** 2 / found['train_mse'] > 12

    def shapes(model):
        return [tuple(np.asarray(w).shape) for w in model.get_weights()]
    assert len([shape for shape in shapes(deep_model) if len(shape) == 2]) >= 6
    found = measured(deep_model)
    honest(found)
    assert found['train_mse'] < 20 and found['test_mse'] < 20

@test_case(points=1, hidden=True, 
    failure_message="deep_scores are not the scores of deep_model. Compute them from its predictions after training, keep train and test in their places, and keep the test rows out of the training.")
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

    def measured(model):
        x_train, y_train, x_test, y_test = housing()
        shaken = x_test + np.random.RandomState(7).normal(0, 0.01, x_test.shape)
        asked = np.vstack([x_train, x_test, shaken])
        answer = np.asarray(model.predict(asked, verbose=0), dtype=float).reshape(-1)
        assert answer.shape == (len(asked),) and np.isfinite(answer).all()
        sum((np.asarray(w).size for w in model.get_weights()))
        on_train, on_test, on_shaken = np.split(answer, [len(y_train), len(y_train) + len(y_test)])
        columns = np.column_stack([x_train, np.ones(len(x_train))])
        line = columns @ np.linalg.lstsq(columns, on_train, rcond=None)[0]
        return {'train_mse': float(np.mean((on_train - y_train) ** 2)), 'train_mae': float(np.mean(np.abs(on_train - y_train))), 'test_mse': float(np.mean((on_test - y_test) ** 2)), 'test_mae': float(np.mean(np.abs(on_test - y_test))), 'bend': float(np.sqrt(np.mean((on_train - line) ** 2)) / (on_train.std() + 1e-09)), 'shake': float(np.sqrt(np.mean((on_shaken - on_test) ** 2)))}

    def honest(found):
        assert found['bend'] > 0.05
        assert found['shake'] < 1.0
        assert found['test_mse'] > 0.8 * found['train_mse']
        assert found['test_mse'] ** 2 / found['train_mse'] > 12

    def shapes(model):
        return [tuple(np.asarray(w).shape) for w in model.get_weights()]
    assert len([shape for shape in shapes(deep_model) if len(shape) == 2]) >= 6
    found, told = (measured(deep_model), scores_of(deep_scores))
    honest(found)
    assert found['test_mse'] < 60 and found['train_mse'] < 60
    for key in told:
        assert abs(told[key] - found[key]) <= max(0.06, 0.01 * found[key])

