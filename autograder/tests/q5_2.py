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

@test_case(points=2, hidden=True, 
    failure_message="In training, augment should change most pictures, at random (two calls differ) and gently, and keep the shape, float32 and the range from 0 to 1. Check that training is passed on to the layers, that it is True by default, and that the digits stay readable: not mirrored, not turned far.")
def test_q5_2_training(augment):
    import numpy as np

    def blocks(batch):
        rows = batch.reshape(len(batch), 7, 4, 7, 4).mean(axis=(2, 4)).reshape(len(batch), 49)
        rows = rows - rows.mean(axis=1, keepdims=True)
        return rows / (np.sqrt((rows ** 2).sum(axis=1, keepdims=True)) + 1e-09)
    with np.load('data/digits.npz') as archive:
        images = archive['images'][:400, :, :, np.newaxis].astype('float32') / 255
    sides = (images, images[:, :, ::-1])
    turned = [np.rot90(side, k, axes=(1, 2)) for k in range(4) for side in sides][1:]
    mirrored = []
    first = np.asarray(augment(images.copy(), training=True))
    second = np.asarray(augment(images.copy()))
    for changed in (first, second):
        assert changed.shape == images.shape and changed.dtype == np.float32
        assert np.isfinite(changed).all() and changed.min() > -0.001 and (changed.max() < 1 + 0.001)
        moved = np.abs(changed - images).mean(axis=(1, 2, 3))
        assert np.mean(moved > 0.003) > 0.6
        alike = (blocks(changed) * blocks(images)).sum(axis=1)
        own = alike.mean()
        other = (blocks(changed) * blocks(np.roll(images, 1, axis=0))).sum(axis=1).mean()
        assert own > 0.4 and own > other + 0.07
        most = np.max([(blocks(changed) * blocks(t)).sum(axis=1) for t in turned], axis=0)
        mirrored.append(np.mean(most > alike + 0.1))
        assert 0.4 < changed.mean() / images.mean() < 2.5
    assert np.mean(mirrored) < 0.39
    assert np.abs(first - second).mean() > 0.002

@test_case(points=2, hidden=True, 
    failure_message="With training=False the pictures should come back as they went in, while with training=True they are changed. Is the argument training handed on to the layers?")
def test_q5_2_not_training(augment):
    import numpy as np
    with np.load('data/digits.npz') as archive:
        images = archive['images'][150:200, :, :, np.newaxis].astype('float32') / 255
    left_alone = np.asarray(augment(images.copy(), training=False))
    assert left_alone.shape == images.shape and left_alone.dtype == np.float32
    assert np.abs(left_alone - images).max() < 0.0001
    changed = np.asarray(augment(images.copy(), training=True))
    assert changed.shape == images.shape and np.abs(changed - images).mean() > 0.001

