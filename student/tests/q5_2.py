from otter.test_files import test_case

OK_FORMAT = False

name = "q5_2"
points = 4

@test_case(points=0, hidden=False)
def test_q5_2_form(augment):
    import numpy as np
    assert callable(augment), 'augment should be a function'
    images = np.linspace(0, 1, 4 * 784).reshape(4, 28, 28, 1).astype('float32')
    for answer in (augment(images), augment(images, training=True), augment(images, training=False)):
        assert answer is not None and (not isinstance(answer, type(...))), 'augment should return a batch of images'
        assert np.asarray(answer).shape == (4, 28, 28, 1), 'augment should return a batch of the same shape as the one it was given'

