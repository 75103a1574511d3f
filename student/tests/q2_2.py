from otter.test_files import test_case

OK_FORMAT = False

name = "q2_2"
points = 2

@test_case(points=0, hidden=False)
def test_q2_2_form(response_meaning):
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
    assert isinstance(response_meaning, dict), 'response_meaning should be a dict with the keys height, width and filters'
    for key in ('height', 'width', 'filters'):
        assert key in response_meaning, 'response_meaning should have the keys height, width and filters'
        found = whole(response_meaning[key])
        assert found is not None and found > 0, 'each value in response_meaning should be a positive whole number'

