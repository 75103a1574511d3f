from otter.test_files import test_case

OK_FORMAT = False

name = "q4_3"
points = 5

@test_case(points=0, hidden=False)
def test_q4_3_form_conv2_24_weights(conv2_24_weights):
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
    found = whole(conv2_24_weights)
    assert found is not None and found > 0, f'conv2_24_weights should be a positive whole number, for example 500; it is {shown(conv2_24_weights)}'

@test_case(points=0, hidden=False)
def test_q4_3_form_conv2_24_params(conv2_24_params):
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
    found = whole(conv2_24_params)
    assert found is not None and found > 0, f'conv2_24_params should be a positive whole number, for example 500; it is {shown(conv2_24_params)}'

@test_case(points=0, hidden=False)
def test_q4_3_form_second_conv2_24_weights(second_conv2_24_weights):
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
    found = whole(second_conv2_24_weights)
    assert found is not None and found > 0, f'second_conv2_24_weights should be a positive whole number, for example 500; it is {shown(second_conv2_24_weights)}'

@test_case(points=1, hidden=True, 
    failure_message="Count the weights of one filter on a one-channel input, then multiply by the number of filters, once. Biases are not asked for here.")
def test_q4_3_conv2_24_weights(conv2_24_weights):
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
    assert whole(conv2_24_weights) == 96

@test_case(points=2, hidden=True, 
    failure_message="To the kernel weights of the first layer add its biases. How many biases does each filter have?")
def test_q4_3_conv2_24_params(conv2_24_params):
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
    assert whole(conv2_24_params) == 120

@test_case(points=2, hidden=True, 
    failure_message="The second layer works on the response of the first. How many channels does that response have, and so how deep is each filter of the second layer? Biases are not asked for here.")
def test_q4_3_second_conv2_24_weights(second_conv2_24_weights):
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
    assert whole(second_conv2_24_weights) == 2304

