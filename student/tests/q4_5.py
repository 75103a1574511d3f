from otter.test_files import test_case

OK_FORMAT = False

name = "q4_5"
points = 5

@test_case(points=0, hidden=False)
def test_q4_5_form(conv_params):
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
    assert callable(conv_params), f'conv_params should be a function; it is {shown(conv_params)}'
    answers = {'conv_params((4, 4), 2, 6)': conv_params((4, 4), 2, 6), 'conv_params((4, 4), 2, 6, bias=False)': conv_params((4, 4), 2, 6, bias=False)}
    for call, answer in answers.items():
        found = whole(answer)
        assert found is not None and found > 0, f'{call} should give a positive whole number; it gives {shown(answer)}'

@test_case(points=0, hidden=False)
def test_q4_5_example(conv_params):
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
    answers = {'conv_params((3, 3), 3, 10)': (conv_params((3, 3), 3, 10), 280), 'conv_params((3, 3), 3, 10, bias=False)': (conv_params((3, 3), 3, 10, bias=False), 270)}
    for call, (answer, expected) in answers.items():
        assert number(answer) == expected, f'{call} gives {shown(answer)}, and the question says {expected}'

