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

