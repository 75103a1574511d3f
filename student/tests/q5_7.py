from otter.test_files import test_case

OK_FORMAT = False

name = "q5_7"
points = 2

@test_case(points=0, hidden=False)
def test_q5_7_form(brightest_map):
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

    def shown(value):
        return ' '.join(reprlib.repr(value).split())
    found = whole(brightest_map)
    assert found is not None and found >= 0, f'brightest_map should be the index of a map, a whole number from 0; it is {shown(brightest_map)}'

