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

@test_case(points=2, hidden=True, 
    failure_message="augment could not be tried in training. It takes a batch of pictures and returns one of the same shape.")
def test_q5_2_training(augment):
    import numpy as np

    def blocks(batch):
        rows = batch.reshape(len(batch), 7, 4, 7, 4).mean(axis=(2, 4)).reshape(len(batch), 49)
        rows = rows - rows.mean(axis=1, keepdims=True)
        return rows / (np.sqrt((rows ** 2).sum(axis=1, keepdims=True)) + 1e-09)

    def smooth(batch):
        """Blurred pictures of mean 0 and length 1."""
        padded = np.pad(batch.reshape(-1, 28, 28), ((0, 0), (1, 1), (1, 1)))
        rows = sum((padded[:, i:i + 28, j:j + 28] for i in range(3) for j in range(3)))
        rows = rows - rows.mean(axis=(1, 2), keepdims=True)
        return rows / (np.sqrt((rows ** 2).sum(axis=(1, 2), keepdims=True)) + 1e-09)

    def turned(batch, degrees):
        angle = np.deg2rad(degrees)
        y, x = np.mgrid[:28, :28] - 13.5
        rows = np.rint(np.cos(angle) * y - np.sin(angle) * x + 13.5).astype(int)
        columns = np.rint(np.sin(angle) * y + np.cos(angle) * x + 13.5).astype(int)
        inside = (rows >= 0) & (rows < 28) & (columns >= 0) & (columns < 28)
        return np.where(inside, batch[:, rows.clip(0, 27), columns.clip(0, 27), 0], 0)

    def spectra(batch):
        return np.fft.rfft2(smooth(batch), (40, 40))

    def likeness(some, others, reach):
        """How alike pictures are, by their spectra, shifted by at most `reach` to where they fit best."""
        shifts = [*range(reach + 1), *range(-reach, 0)]
        products = np.fft.irfft2(some.conj() * others, (40, 40))
        return products[:, shifts][:, :, shifts].max(axis=(1, 2))
    clear = [5, 12, 15, 20, 21, 22, 30, 31, 33, 51, 57, 63, 69, 71, 76, 79, 81, 83, 88, 89, 92, 93, 94, 96, 98, 103, 109, 114, 115, 123, 124, 128, 129, 131, 132, 134, 158, 159, 163, 164, 167, 177, 179, 184, 189, 190, 193, 198, 199, 202, 204, 212, 214, 219, 220, 222, 224, 228, 230, 238, 245, 246, 248, 261, 262, 264, 266, 271, 278, 280, 283, 284, 287, 292, 297, 301, 305, 314, 316, 317, 320, 321, 323, 331, 335, 336, 341, 345, 346, 348, 353, 354, 367, 370, 373, 383, 386, 389, 397, 398]
    others = [index for index in range(200) if index not in clear][:len(clear)]
    with np.load('data/digits.npz') as archive:
        images = archive['images'][clear + others, :, :, np.newaxis].astype('float32') / 255
    clear = slice(len(clear))
    flipped = [spectra(np.rot90(side[clear], k, axes=(1, 2))) for side in (images, images[:, :, ::-1]) for k in range(4)][1:]
    first = np.asarray(augment(images.copy(), training=True))
    second = np.asarray(augment(images.copy()))
    overturned = []
    for changed in (first, second):
        assert changed.shape == images.shape and changed.dtype == np.float32, 'augment does not return an array of the same shape and of the type float32 in training, or without the argument training.'
        assert np.isfinite(changed).all() and changed.min() > -0.001 and (changed.max() < 1 + 0.001), 'Some of the values that augment returns in training do not lie between 0 and 1.'
        moved = np.abs(changed - images).mean(axis=(1, 2, 3))
        assert np.mean(moved > 0.003) > 0.6, 'augment leaves many of the pictures as they are, with training=True or without the argument. Is training True by default, and passed on to the layers? Are the changes large enough to be seen?'
        alike = (blocks(changed) * blocks(images)).sum(axis=1).mean()
        other = (blocks(changed) * blocks(np.roll(images, 1, axis=0))).sum(axis=1).mean()
        assert alike > 0.4 and alike > other + 0.07, 'The pictures that augment returns in training are hardly like those that it was given: the digits must stay readable, each in its place of the batch.'
        assert 0.4 < changed.mean() / images.mean() < 2.5, 'The pictures that augment returns in training are far darker or brighter than those that it was given.'
        pictures = spectra(changed[clear])
        other = np.max([likeness(side, pictures, 4) for side in flipped], axis=0)
        doubtful = np.arange(len(pictures))
        for degrees in (0, 10, -10, 20, -20, 30, -30, 40, -40):
            upright = spectra(turned(images[doubtful], degrees))
            own = likeness(upright, pictures[doubtful], 9)
            doubtful = doubtful[other[doubtful] > own]
        overturned.append(len(doubtful) / len(pictures))
    assert np.mean(overturned) < 0.12, 'Some of the pictures that augment returns in training are more like the mirrored or widely turned digit than like the digit itself: a mirrored 3 is no 3 any more.'
    assert np.abs(first - second).mean() > 0.002, 'Two calls of augment on the same pictures give the same result. Are the changes drawn anew in each call, and for each picture?'
    assert not getattr(augment, 'changed_arguments', False), 'augment writes into the pictures that it is given: the originals are lost. Work on a copy.'

@test_case(points=2, hidden=True, 
    failure_message="augment could not be tried with training=False and with training=True. It takes a batch of pictures and returns one of the same shape.")
def test_q5_2_not_training(augment):
    import numpy as np
    with np.load('data/digits.npz') as archive:
        images = archive['images'][150:200, :, :, np.newaxis].astype('float32') / 255
    left_alone = np.asarray(augment(images.copy(), training=False))
    assert left_alone.shape == images.shape and left_alone.dtype == np.float32, 'With training=False augment does not return an array of the same shape and of the type float32.'
    assert np.abs(left_alone - images).max() < 0.0001, 'With training=False augment changes the pictures. Is the argument training passed on to the layers?'
    changed = np.asarray(augment(images.copy(), training=True))
    assert changed.shape == images.shape, 'With training=True augment does not return an array of the same shape.'
    assert np.abs(changed - images).mean() > 0.001, 'With training=False the pictures come back as they went in, and with training=True they do as well: there they should be changed. Is the argument training passed on to the layers?'

