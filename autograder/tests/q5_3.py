from otter.test_files import test_case

OK_FORMAT = False

name = "q5_3"
points = 4

@test_case(points=0, hidden=False)
def test_q5_3_form_weights_one_8x8(weights_one_8x8):
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
    found = whole(weights_one_8x8)
    assert found is not None and found > 0, f'weights_one_8x8 should be a positive whole number, for example 50; it is {shown(weights_one_8x8)}'

@test_case(points=0, hidden=False)
def test_q5_3_form_weights_four_2x2(weights_four_2x2):
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
    found = whole(weights_four_2x2)
    assert found is not None and found > 0, f'weights_four_2x2 should be a positive whole number, for example 50; it is {shown(weights_four_2x2)}'

@test_case(points=0, hidden=False)
def test_q5_3_form_receptive_field(receptive_field):
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
    assert callable(receptive_field), f'receptive_field should be a function; it is {shown(receptive_field)}'
    answer = receptive_field([5, 5])
    found = whole(answer)
    assert found is not None and found > 0, f'receptive_field([5, 5]) should give a positive whole number; it gives {shown(answer)}'

@test_case(points=0, hidden=False)
def test_q5_3_form_layers_2x2_to_see_8x8(layers_2x2_to_see_8x8):
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
    found = whole(layers_2x2_to_see_8x8)
    assert found is not None and found > 0, f'layers_2x2_to_see_8x8 should be a positive whole number, for example 50; it is {shown(layers_2x2_to_see_8x8)}'

@test_case(points=0, hidden=False)
def test_q5_3_example(receptive_field):
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
    answer = receptive_field([5, 3])
    assert number(answer) == 7, f'receptive_field([5, 3]) gives {shown(answer)}, and the question says 7'

@test_case(points=1, hidden=True, 
    failure_message="Count the cells of one such filter; there is one channel, one filter and no bias.")
def test_q5_3_weights_one_8x8(weights_one_8x8):
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
    assert whole(weights_one_8x8) == 64

@test_case(points=1, hidden=True, 
    failure_message="Count the cells of one small filter, and add up over the layers; there is one channel, one filter in each layer and no bias.")
def test_q5_3_weights_four_2x2(weights_four_2x2):
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
    assert whole(weights_four_2x2) == 16

@test_case(points=1, hidden=True, 
    failure_message="Follow the picture of the receptive field layer by layer: what does one more layer of width k add to what is seen, and with how many cells does one start? The layers may differ in size.")
def test_q5_3_receptive_field(receptive_field):
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
    cases = {(3, 3, 3): 7, (2, 2, 2, 2): 5, (5, 2, 7): 12, (8,): 8, (1, 4): 4, (3, 1, 2, 6, 2): 10}
    for kernels, expected in cases.items():
        assert whole(receptive_field(list(kernels))) == expected
    assert not getattr(receptive_field, 'changed_arguments', False), 'receptive_field changes the list that it is given, which its caller may still need as it was. Work on a copy.'

@test_case(points=1, hidden=True, 
    failure_message="Use receptive_field on longer and longer lists of 2 and see when it reaches the side of the large filter.")
def test_q5_3_layers_2x2_to_see_8x8(layers_2x2_to_see_8x8):
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
    assert whole(layers_2x2_to_see_8x8) == 7

