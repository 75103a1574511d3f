from functools import partial

from scipy import ndimage

dice = np.random.default_rng()
turn = partial(ndimage.rotate, reshape=False, order=1, mode="constant", cval=0.0)
move = partial(ndimage.shift, order=1, mode="constant", cval=0.0)


def augment(images, training=True):
    """Randomly changed versions of the images in training, the images themselves otherwise."""
    if training is False:
        return images.copy()
    out = [move(turn(picture[..., 0], dice.uniform(-10, 10)), dice.uniform(-1.5, 1.5, 2)) for picture in images]
    return np.clip(np.stack(out)[..., np.newaxis], 0, 1).astype(images.dtype)
