from otter.test_files import test_case

OK_FORMAT = False

name = "q1_1"
points = 4

@test_case(points=0, hidden=False)
def test_q1_1_form(linreg_scores):
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
    keys = ('train_mse', 'train_mae', 'test_mse', 'test_mae')
    assert isinstance(linreg_scores, dict), f"linreg_scores should be a dict with the keys {', '.join(keys)}; it is {shown(linreg_scores)}"
    for key in keys:
        assert key in linreg_scores, f'linreg_scores has no key {key}'
        found = number(linreg_scores[key])
        assert found is not None and math.isfinite(found), f'{key} in linreg_scores should be a number; it is {shown(linreg_scores[key])}'
        assert found >= 0, f'{key} in linreg_scores is {found:.4g}, but an error measure is never negative'

@test_case(points=2, hidden=True, 
    failure_message="Not all squared errors in linreg_scores are those of a linear regression fitted on the training rows. Check that the model is fitted on the training rows only, that train and test are not swapped, and that the errors are squared and averaged (no square root).")
def test_q1_1_mse(linreg_scores):
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
    found = scores_of(linreg_scores)
    x_train, y_train, x_test, y_test = housing()
    left = np.column_stack([x_train, np.ones(len(x_train))])
    right = np.column_stack([x_test, np.ones(len(x_test))])
    weights = np.linalg.lstsq(left, y_train, rcond=None)[0]
    expected = {'train_mse': np.mean((left @ weights - y_train) ** 2), 'test_mse': np.mean((right @ weights - y_test) ** 2)}
    assert any((abs(found[key] - round(score, 1)) > 1e-06 for key, score in expected.items())), 'train_mse and test_mse are right, but rounded to one decimal; the question asks for them as they are.'
    for key, score in expected.items():
        assert abs(found[key] - score) < 0.02

@test_case(points=2, hidden=True, 
    failure_message="Not all absolute errors in linreg_scores are those of a linear regression fitted on the training rows. Check that train and test are not swapped, and that MAE averages the size of each error without squaring it.")
def test_q1_1_mae(linreg_scores):
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
    found = scores_of(linreg_scores)
    x_train, y_train, x_test, y_test = housing()
    left = np.column_stack([x_train, np.ones(len(x_train))])
    right = np.column_stack([x_test, np.ones(len(x_test))])
    weights = np.linalg.lstsq(left, y_train, rcond=None)[0]
    expected = {'train_mae': np.mean(np.abs(left @ weights - y_train)), 'test_mae': np.mean(np.abs(right @ weights - y_test))}
    for key, score in expected.items():
        assert abs(found[key] - score) < 0.01 or abs(found[key] - round(score, 1)) < 1e-06

