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

@test_case(points=1, hidden=True, 
    failure_message="On arrays that are cut into whole windows the result is not right yet. Each number is the largest of its own window; rows and columns may differ in number; values may be negative and need not be whole.")
def test_q3_3_whole_windows(max_pool):
    import numpy as np

    def pooled(x, pool, stride):
        rows, columns = [(side - pool) // stride + 1 for side in x.shape]
        return np.array([[x[i * stride:i * stride + pool, j * stride:j * stride + pool].max() for j in range(columns)] for i in range(rows)])
    rng = np.random.RandomState(3)
    for shape in [(6, 4), (4, 10), (2, 8)]:
        x = np.round(rng.uniform(-9, -1, shape), 2)
        found = np.asarray(max_pool(x), dtype=float)
        assert found.shape == (shape[0] // 2, shape[1] // 2) and np.allclose(found, pooled(x, 2, 2))
    for lowest in (1000.0, 1000000.0, 1000000000000.0):
        x = -lowest * rng.uniform(1, 2, (4, 6))
        assert np.allclose(np.asarray(max_pool(x), dtype=float), pooled(x, 2, 2)), 'On an array of very negative numbers max_pool returns a number that is not in the array. From which number does the search for the largest one start?'
    x = rng.permutation(72).reshape(6, 12) - 30
    found = np.asarray(max_pool(x, 3, 3), dtype=float)
    assert found.shape == (2, 4) and np.allclose(found, pooled(x, 3, 3))

@test_case(points=2, hidden=True, 
    failure_message="When the size is not a multiple of the window, something is left over at the right or at the bottom. Read again what Keras does with cells that do not fill a window.")
def test_q3_3_uneven_sizes(max_pool):
    import numpy as np

    def pooled(x, pool, stride):
        rows, columns = [(side - pool) // stride + 1 for side in x.shape]
        return np.array([[x[i * stride:i * stride + pool, j * stride:j * stride + pool].max() for j in range(columns)] for i in range(rows)])
    rng = np.random.RandomState(4)
    for shape, pool in [((5, 7), 2), ((7, 4), 2), ((8, 11), 3)]:
        x = np.round(rng.uniform(-9, 9, shape), 2)
        x[-1, :] += 20
        x[:, -1] += 20
        found, expected = (np.asarray(max_pool(x, pool, pool), dtype=float), pooled(x, pool, pool))
        assert found.shape == expected.shape and np.allclose(found, expected)

@test_case(points=2, hidden=True, 
    failure_message="When the stride is not the size of the window, windows overlap or leave gaps. The stride says where a window starts, the pool size how far it reaches; both enter the number of windows.")
def test_q3_3_other_strides(max_pool):
    import numpy as np

    def pooled(x, pool, stride):
        rows, columns = [(side - pool) // stride + 1 for side in x.shape]
        return np.array([[x[i * stride:i * stride + pool, j * stride:j * stride + pool].max() for j in range(columns)] for i in range(rows)])
    rng = np.random.RandomState(5)
    x = np.round(rng.uniform(-9, 9, (9, 12)), 2)
    for given, pool, stride in [({'pool': 3}, 3, 2), ({'pool': 1}, 1, 2), ({'stride': 3}, 2, 3)]:
        found, expected = (np.asarray(max_pool(x, **given), dtype=float), pooled(x, pool, stride))
        assert found.shape == expected.shape and np.allclose(found, expected), 'With only one of pool and stride given, the result of max_pool is not right. What the other one is then, the first line of the question says.'
    for shape, pool, stride in [((9, 7), 3, 2), ((5, 8), 2, 1), ((10, 13), 2, 3), ((6, 9), 4, 1)]:
        x = np.round(rng.uniform(-9, 9, shape), 2)
        found, expected = (np.asarray(max_pool(x, pool, stride), dtype=float), pooled(x, pool, stride))
        assert not getattr(max_pool, 'changed_arguments', False), 'max_pool writes into the array that it is given: the numbers of its caller are lost. Work on a copy, or on an array of your own.'
        assert found.shape == expected.shape and np.allclose(found, expected)

