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

