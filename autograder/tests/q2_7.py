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

@test_case(points=1, hidden=True, 
    failure_message="With valid padding and steps of one, count the positions of the window along each side, the first one included. Height and width are computed separately, each with its own side of the filter.")
def test_q2_7_valid(response_shape):
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
    for shape, kernel in [((9, 14), (3, 3)), ((17, 6), (2, 5)), ((5, 8), (5, 1)), ((31, 30), (4, 7))]:
        expected = [i - f + 1 for i, f in zip(shape, kernel, strict=True)]
        assert sizes(response_shape(shape, kernel)) == expected
        assert sizes(response_shape(shape, kernel, (1, 1), 'valid')) == expected

@test_case(points=1, hidden=True, 
    failure_message="With valid padding and longer steps, the first window counts, then every full step that still fits. A step that would leave the input is not taken. Rows use the first stride, columns the second.")
def test_q2_7_valid_strides(response_shape):
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
    cases = [((9, 14), (3, 3), (2, 2)), ((10, 23), (3, 4), (3, 5)), ((17, 8), (2, 5), (4, 2)), ((31, 30), (4, 7), (2, 3)), ((6, 13), (6, 2), (3, 4)), ((12, 25), (1, 3), (5, 1))]
    for shape, kernel, strides in cases:
        expected = [(i - f) // s + 1 for i, f, s in zip(shape, kernel, strides, strict=True)]
        assert sizes(response_shape(shape, kernel, strides, 'valid')) == expected

@test_case(points=1, hidden=True, 
    failure_message="With same padding and steps of one, as many zeros are added as the filter needs, for filters of even size too. What does that mean for the size of the response, compared with the input?")
def test_q2_7_same(response_shape):
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
    for shape, kernel in [((9, 14), (3, 3)), ((17, 6), (2, 5)), ((5, 8), (4, 1)), ((7, 30), (6, 3))]:
        assert sizes(response_shape(shape, kernel, (1, 1), 'same')) == list(shape)

@test_case(points=2, hidden=True, 
    failure_message="Same padding with longer steps no longer gives the size of the input. Read the part about same padding and stride again: what is divided, in which direction is it rounded, and does the filter matter?")
def test_q2_7_same_strides(response_shape):
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
    cases = [((9, 14), (3, 3), (2, 2)), ((10, 23), (3, 4), (3, 5)), ((17, 8), (2, 5), (4, 3)), ((13, 12), (4, 4), (2, 5)), ((7, 30), (1, 6), (1, 4)), ((28, 6), (5, 2), (3, 1)), ((15, 12), (3, 3), (3, 4)), ((8, 24), (5, 3), (2, 5))]
    for shape, kernel, strides in cases:
        expected = [-(-i // s) for i, s in zip(shape, strides, strict=True)]
        assert sizes(response_shape(shape, kernel, strides, 'same')) == expected

