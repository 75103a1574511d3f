from otter.test_files import test_case

OK_FORMAT = False

name = "q1_2"
points = 7

@test_case(points=0, hidden=False)
def test_q1_2_form(tuned_model, tuned_scores):
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
    assert type(tuned_model).__name__ != 'History', 'tuned_model is what fit returned; keep the model itself in it'
    assert hasattr(tuned_model, 'predict') and hasattr(tuned_model, 'get_weights'), f'tuned_model should be a Keras model; it is {shown(tuned_model)}'
    answer = np.asarray(tuned_model.predict(np.zeros((5, 13)), verbose=0))
    assert answer.size == 5, f'tuned_model should give one number for each row of 13 features; for 5 rows it gives an array of shape {answer.shape}'
    keys = ('train_mse', 'train_mae', 'test_mse', 'test_mae')
    assert isinstance(tuned_scores, dict), f"tuned_scores should be a dict with the keys {', '.join(keys)}; it is {shown(tuned_scores)}"
    for key in keys:
        assert key in tuned_scores, f'tuned_scores has no key {key}'
        found = number(tuned_scores[key])
        assert found is not None and math.isfinite(found), f'{key} in tuned_scores should be a number; it is {shown(tuned_scores[key])}'
        assert found >= 0, f'{key} in tuned_scores is {found:.4g}, but an error measure is never negative'

@test_case(points=1, hidden=True, 
    failure_message="tuned_scores differ from the scores that the predictions of tuned_model give. Compute all four after training, on the standardized rows, and keep train and test, MSE and MAE in their places.")
def test_q1_2_own_scores(tuned_model, tuned_scores):
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
        assert found['given'] < 0.5, 'Most of the test rows were among those that tuned_model was trained on. Keep them out of the training: an error on rows that a net has seen tells nothing about new ones.'
        assert found['bend'] > 0.05, 'The answers of tuned_model lie on a straight line through the features, as those of a linear regression do. A net bends: does it have hidden layers with ReLU, and was it trained?'
        assert found['shake'] < 1.0, 'A change of the features by a hundredth of their spread changes the answers of tuned_model by more than 1: these are remembered rows, or a net that was trained much too fast.'
        assert found['test_mse'] > 0.8 * found['train_mse'], 'tuned_model has a far lower error on the test rows than on the training rows. Were the test rows among those that it was trained on?'
        assert found['test_mse'] ** 2 / found['train_mse'] > 8, 'tuned_model has a lower error on the test rows than training on the training rows alone reaches. Were the test rows among those that it was trained on?'
    found = measured(tuned_model)
    honest(found)
    assert found['test_mse'] < 60 and found['train_mse'] < 60, 'The errors of tuned_model are about as large as those of one answer for all rows, or larger. Was it trained, on the standardized features and the prices as they are?'
    for key, score in scores_of(tuned_scores).items():
        rounded = abs(100 * score - round(100 * score)) < 0.001
        allowed = max(0.06, 0.01 * found[key]) if rounded else 0.002 * max(1, found[key])
        assert abs(score - found[key]) <= allowed

@test_case(points=2, hidden=True, 
    failure_message="The error of tuned_model is not clearly below that of the linear regression. Was it trained long enough, on the standardized training rows, and does it have hidden layers with ReLU?")
def test_q1_2_below_the_line(tuned_model):
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
        assert found['given'] < 0.5, 'Most of the test rows were among those that tuned_model was trained on. Keep them out of the training: an error on rows that a net has seen tells nothing about new ones.'
        assert found['bend'] > 0.05, 'The answers of tuned_model lie on a straight line through the features, as those of a linear regression do. A net bends: does it have hidden layers with ReLU, and was it trained?'
        assert found['shake'] < 1.0, 'A change of the features by a hundredth of their spread changes the answers of tuned_model by more than 1: these are remembered rows, or a net that was trained much too fast.'
        assert found['test_mse'] > 0.8 * found['train_mse'], 'tuned_model has a far lower error on the test rows than on the training rows. Were the test rows among those that it was trained on?'
        assert found['test_mse'] ** 2 / found['train_mse'] > 8, 'tuned_model has a lower error on the test rows than training on the training rows alone reaches. Were the test rows among those that it was trained on?'
    found = measured(tuned_model)
    honest(found)
    assert found['train_mse'] < 21 and found['test_mse'] < 21

@test_case(points=2, hidden=True, 
    failure_message="The test error of tuned_model is not half way from that of the linear regression to what the recipe of the question reaches. Was the net as large, and trained as long, as the recipe says, on the standardized training rows only?")
def test_q1_2_half_way(tuned_model):
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
        assert found['given'] < 0.5, 'Most of the test rows were among those that tuned_model was trained on. Keep them out of the training: an error on rows that a net has seen tells nothing about new ones.'
        assert found['bend'] > 0.05, 'The answers of tuned_model lie on a straight line through the features, as those of a linear regression do. A net bends: does it have hidden layers with ReLU, and was it trained?'
        assert found['shake'] < 1.0, 'A change of the features by a hundredth of their spread changes the answers of tuned_model by more than 1: these are remembered rows, or a net that was trained much too fast.'
        assert found['test_mse'] > 0.8 * found['train_mse'], 'tuned_model has a far lower error on the test rows than on the training rows. Were the test rows among those that it was trained on?'
        assert found['test_mse'] ** 2 / found['train_mse'] > 8, 'tuned_model has a lower error on the test rows than training on the training rows alone reaches. Were the test rows among those that it was trained on?'
    found = measured(tuned_model)
    honest(found)
    assert found['train_mse'] < 21 and found['test_mse'] < 19

@test_case(points=2, hidden=True, 
    failure_message="The test error of tuned_model is not yet as low as the recipe of the question reaches. Two hidden ReLU layers, batches of 32 and about 100 epochs on the standardized training rows get there; the test rows must stay out of the training.")
def test_q1_2_tuned(tuned_model):
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
        assert found['given'] < 0.5, 'Most of the test rows were among those that tuned_model was trained on. Keep them out of the training: an error on rows that a net has seen tells nothing about new ones.'
        assert found['bend'] > 0.05, 'The answers of tuned_model lie on a straight line through the features, as those of a linear regression do. A net bends: does it have hidden layers with ReLU, and was it trained?'
        assert found['shake'] < 1.0, 'A change of the features by a hundredth of their spread changes the answers of tuned_model by more than 1: these are remembered rows, or a net that was trained much too fast.'
        assert found['test_mse'] > 0.8 * found['train_mse'], 'tuned_model has a far lower error on the test rows than on the training rows. Were the test rows among those that it was trained on?'
        assert found['test_mse'] ** 2 / found['train_mse'] > 8, 'tuned_model has a lower error on the test rows than training on the training rows alone reaches. Were the test rows among those that it was trained on?'
    found = measured(tuned_model)
    honest(found)
    assert found['train_mse'] < 21 and found['test_mse'] < 17

