from otter.test_files import test_case

OK_FORMAT = False

name = "q5_2"
points = 4

@test_case(points=0, hidden=False)
def test_q5_2_form(augment):
    import reprlib
    import numpy as np

    def shown(value):
        return ' '.join(reprlib.repr(value).split())
    assert callable(augment), f'augment should be a function; it is {shown(augment)}'
    images = np.linspace(0, 1, 4 * 784).reshape(4, 28, 28, 1).astype('float32')
    answers = {'augment(images)': augment(images), 'augment(images, training=True)': augment(images, training=True), 'augment(images, training=False)': augment(images, training=False)}
    for call, answer in answers.items():
        assert answer is not None and (not isinstance(answer, type(...))), f'{call} should give a batch of images; it gives {shown(answer)}'
        shape = np.asarray(answer).shape
        assert shape == (4, 28, 28, 1), f'{call} should give a batch of the shape of images; for (4, 28, 28, 1) it gives {shape}'

