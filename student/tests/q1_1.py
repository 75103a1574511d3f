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

