from otter.test_files import test_case

OK_FORMAT = False

name = "q2_7"
points = 5

@test_case(points=0, hidden=False)
def test_q2_7_form(response_shape):
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
    assert callable(response_shape), f'response_shape should be a function; it is {shown(response_shape)}'
    answers = {'response_shape((11, 12), (3, 3))': response_shape((11, 12), (3, 3)), "response_shape((11, 12), (3, 3), strides=(2, 2), padding='same')": response_shape((11, 12), (3, 3), strides=(2, 2), padding='same')}
    for call, answer in answers.items():
        found = sizes(answer)
        assert found is not None and len(found) == 2 and (None not in found) and (min(found) > 0), f'{call} should give a pair (height, width) of whole numbers; it gives {shown(answer)}'

@test_case(points=0, hidden=False)
def test_q2_7_example(response_shape):
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
    answer = response_shape((5, 8), (3, 3), (2, 2))
    assert sizes(answer) == [2, 3], f'response_shape((5, 8), (3, 3), (2, 2)) gives {shown(answer)}, and the question says (2, 3)'

