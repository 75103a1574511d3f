from otter.test_files import test_case

OK_FORMAT = False

name = "q4_5"
points = 6

@test_case(points=0, hidden=False)
def test_q4_5_form(conv_params):
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
    assert callable(conv_params), 'conv_params should be a function'
    for answer in (conv_params((4, 4), 2, 6), conv_params((4, 4), 2, 6, bias=False)):
        found = whole(answer)
        assert found is not None and found > 0, 'conv_params should return a positive whole number, with biases and without'

