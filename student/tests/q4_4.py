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

