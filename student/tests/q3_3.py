from otter.test_files import test_case

OK_FORMAT = False

name = "q3_3"
points = 5

@test_case(points=0, hidden=False)
def test_q3_3_form(max_pool):
    import reprlib
    import numpy as np

    def shown(value):
        return ' '.join(reprlib.repr(value).split())
    assert callable(max_pool), f'max_pool should be a function; it is {shown(max_pool)}'
    x = np.arange(48.0).reshape(6, 8)
    answers = {'max_pool(x)': max_pool(x), 'max_pool(x, pool=3, stride=1)': max_pool(x, pool=3, stride=1)}
    for call, answer in answers.items():
        assert answer is not None and np.asarray(answer).ndim == 2, f'{call} should give a 2-D array (rows and columns); it gives {shown(answer)}'

@test_case(points=0, hidden=False)
def test_q3_3_example(max_pool):
    import reprlib
    import numpy as np

    def shown(value):
        return ' '.join(reprlib.repr(value).split())
    x = np.array([[3, 1, 0, 2], [5, 4, 7, 1], [2, 6, 1, 1], [0, 3, 8, 4]])
    answer = np.asarray(max_pool(x)).tolist()
    assert answer == [[5, 7], [6, 8]], f'max_pool(x) gives {shown(answer)} for the numbers of the picture, and the question says [[5, 7], [6, 8]]'

