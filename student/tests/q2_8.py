from otter.test_files import test_case

OK_FORMAT = False

name = "q2_8"
points = 5

@test_case(points=0, hidden=False)
def test_q2_8_form(convolve):
    import reprlib
    import numpy as np

    def shown(value):
        return ' '.join(reprlib.repr(value).split())
    assert callable(convolve), f'convolve should be a function; it is {shown(convolve)}'
    answer = convolve(np.arange(48.0).reshape(6, 8), np.ones((3, 2)))
    assert answer is not None and np.asarray(answer).ndim == 2, f'convolve should give a 2-D array (rows and columns); for an image of 6 by 8 and a kernel of 3 by 2 it gives {shown(answer)}'

@test_case(points=0, hidden=False)
def test_q2_8_example(convolve):
    import reprlib
    import numpy as np

    def shown(value):
        return ' '.join(reprlib.repr(value).split())
    image = np.array([[1, 2, 0, 3], [3, 1, 4, 1], [2, 0, 1, 2]])
    answer = np.asarray(convolve(image, np.array([[1, 0], [2, -1]])), dtype=float)
    expected = np.array([[6, 0, 7], [7, 0, 4]])
    assert answer.shape == expected.shape and np.allclose(answer, expected, 1e-05, 1e-05), f'convolve(image, kernel) gives {shown(answer.tolist())} for the numbers of the picture, and the question says [[6, 0, 7], [7, 0, 4]]'

