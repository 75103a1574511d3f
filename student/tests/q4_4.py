from otter.test_files import test_case

OK_FORMAT = False

name = "q4_4"
points = 6

@test_case(points=0, hidden=False)
def test_q4_4_form(same_padding):
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
    assert callable(same_padding), 'same_padding should be a function'
    found = number(same_padding(10, 3, 1))
    assert found is not None and math.isfinite(found), 'same_padding(I, F, S) should return one number'

