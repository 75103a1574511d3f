from otter.test_files import test_case

OK_FORMAT = False

name = "q4_2"
points = 1

@test_case(points=0, hidden=False)
def test_q4_2_form_output_100_2(output_100_2):
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

    def sizes(value):
        try:
            items = np.asarray(value).tolist()
        except Exception:
            return None
        return [whole(item) for item in items] if isinstance(items, list) else None

    def shown(value):
        return ' '.join(reprlib.repr(value).split())
    found = sizes(output_100_2)
    assert found is not None and len(found) == 2 and (None not in found) and (min(found) > 0), f'output_100_2 should be a pair (height, width) of whole numbers, for example (5, 5); it is {shown(output_100_2)}'

@test_case(points=1, hidden=True, 
    failure_message="Put the numbers into the formula for O one by one, with P = 0, and use the size of the filter that is asked about.")
def test_q4_2_output_100_2(output_100_2):
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
    assert sizes(output_100_2) == [99, 99]

