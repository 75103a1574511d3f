from otter.test_files import test_case

OK_FORMAT = False

name = "q4_4"
points = 4

@test_case(points=0, hidden=False)
def test_q4_4_form(same_padding):
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

    def shown(value):
        return ' '.join(reprlib.repr(value).split())
    assert callable(same_padding), f'same_padding should be a function; it is {shown(same_padding)}'
    answer = same_padding(10, 3, 1)
    found = number(answer)
    assert found is not None and math.isfinite(found), f'same_padding(10, 3, 1) should give one number; it gives {shown(answer)}'

@test_case(points=0, hidden=False)
def test_q4_4_example(same_padding):
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

    def shown(value):
        return ' '.join(reprlib.repr(value).split())
    answers = {'same_padding(7, 3, 2)': (same_padding(7, 3, 2), 4), 'same_padding(6, 2, 1)': (same_padding(6, 2, 1), 0.5)}
    for call, (answer, expected) in answers.items():
        found = number(answer)
        assert found is not None and abs(found - expected) < 1e-06, f'{call} gives {shown(answer)}, and the text above the question says {expected}'

@test_case(points=1, hidden=True, 
    failure_message="With a stride of 1 your padding does not yet keep the size. Put your P back into the formula for O and see whether O = I comes out, for filters of even size too. P counts the zeros on each side and may be a fraction.")
def test_q4_4_stride_one(same_padding):
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
    for i, f in [(28, 3), (13, 7), (28, 2), (9, 4), (50, 11), (16, 6), (10, 1)]:
        assert abs(number(same_padding(i, f, 1)) - (f - 1) / 2) < 1e-06

@test_case(points=2, hidden=True, 
    failure_message="With a stride above 1 your padding does not keep the size. Set O = I, bring the 1 to the other side first, multiply by S, and only then solve for P. Put the result back into the formula to check.")
def test_q4_4_longer_strides(same_padding):
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
    for i, f, s in [(9, 3, 2), (10, 4, 4), (12, 6, 2), (21, 5, 3), (8, 5, 5), (9, 1, 2), (6, 2, 7)]:
        expected = (s * (i - 1) - i + f) / 2
        assert abs(number(same_padding(i, f, s)) - expected) < 1e-06

@test_case(points=1, hidden=True, 
    failure_message="For some sizes with a stride above 1 the padding is not a whole number. Check the formula by putting P back into it, and return P as it comes out, without rounding.")
def test_q4_4_fractions(same_padding):
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
    for i, f, s in [(9, 4, 2), (12, 5, 2), (10, 5, 2), (8, 4, 3), (14, 7, 4), (7, 2, 3)]:
        expected = (s * (i - 1) - i + f) / 2
        assert abs(number(same_padding(i, f, s)) - expected) < 1e-06

