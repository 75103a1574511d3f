from otter.test_files import test_case

OK_FORMAT = False

name = "q3_3"
points = 6

@test_case(points=0, hidden=False)
def test_q3_3_form(max_pool):
    import numpy as np
    assert callable(max_pool), 'max_pool should be a function'
    answer = max_pool(np.arange(48.0).reshape(6, 8))
    assert answer is not None and (not isinstance(answer, type(...))), 'max_pool should return an array'
    assert np.asarray(answer).ndim == 2, 'max_pool should return a 2-D array (rows and columns)'
    assert np.asarray(max_pool(np.arange(48.0).reshape(6, 8), pool=3, stride=1)).ndim == 2, 'max_pool should return a 2-D array for other windows and strides too'

