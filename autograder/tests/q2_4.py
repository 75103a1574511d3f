from otter.test_files import test_case

OK_FORMAT = False

name = "q2_4"
points = 1

@test_case(points=0, hidden=False)
def test_q2_4_form(shape_33_2):
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
    found = sizes(shape_33_2)
    assert found is not None and len(found) in (2, 3) and (None not in found) and (min(found) > 0), f'shape_33_2 should be a pair (height, width) of whole numbers, for example (5, 5), and a third number for the maps may follow; it is {shown(shape_33_2)}'

@test_case(points=1, hidden=True, 
    failure_message="Use the size of the filter that this question names, not that of an earlier one, and count the positions of the window along one side. One filter gives one map.")
def test_q2_4_shape(shape_33_2):
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
    assert sizes(shape_33_2) in ([32, 32], [32, 32, 1])

