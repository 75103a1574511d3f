from otter.test_files import test_case

OK_FORMAT = False

name = "q2_7"
points = 6

@test_case(points=0, hidden=False)
def test_q2_7_form(response_shape):
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

    def sizes(value):
        try:
            items = np.asarray(value).tolist()
        except Exception:
            return None
        return [whole(item) for item in items] if isinstance(items, list) else None
    assert callable(response_shape), 'response_shape should be a function'
    for answer in (response_shape((11, 12), (3, 3)), response_shape((11, 12), (3, 3), strides=(2, 2), padding='same')):
        found = sizes(answer)
        assert found is not None and len(found) == 2 and (None not in found) and (min(found) > 0), 'response_shape should return a pair (height, width) of whole numbers, for both paddings'

