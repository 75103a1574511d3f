from otter.test_files import test_case

OK_FORMAT = False

name = "q5_6"
points = 3

@test_case(points=0, hidden=False)
def test_q5_6_form(validation_accuracy, confused_pair):
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

    def pair(value):
        if value is None or isinstance(value, (str, bytes, dict, set)):
            return None
        try:
            parts = [whole(part) for part in value]
        except Exception:
            return None
        return tuple(parts) if len(parts) == 2 and None not in parts else None

    def shown(value):
        return ' '.join(reprlib.repr(value).split())
    found = number(validation_accuracy)
    assert found is not None and 0 <= found <= 1, f'validation_accuracy should be a number from 0 to 1; it is {shown(validation_accuracy)}'
    digits = pair(confused_pair)
    assert digits is not None, f'confused_pair should be a pair (true digit, read digit); it is {shown(confused_pair)}'
    assert all((0 <= digit <= 9 for digit in digits)), f'confused_pair should hold two digits from 0 to 9; it is {shown(confused_pair)}'
    assert digits[0] != digits[1], f'confused_pair should be a mistake, so its two digits differ; it is {shown(confused_pair)}'

