from otter.test_files import test_case

OK_FORMAT = False

name = "q2_2"
points = 2

@test_case(points=0, hidden=False)
def test_q2_2_form(response_meaning):
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
    keys = ('height', 'width', 'filters')
    assert isinstance(response_meaning, dict), f"response_meaning should be a dict with the keys {', '.join(keys)}; it is {shown(response_meaning)}"
    for key in keys:
        assert key in response_meaning, f'response_meaning has no key {key}'
        found = whole(response_meaning[key])
        assert found is not None and found > 0, f'{key} in response_meaning should be a positive whole number; it is {shown(response_meaning[key])}'

