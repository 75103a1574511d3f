from scipy.ndimage import gaussian_filter, map_coordinates

_dice = np.random.default_rng()
_grid = np.stack(np.mgrid[0:28, 0:28]).astype("float32")


def _bend(picture):
    """Move each pixel by a smooth little field of arrows, and all of them by up to one pixel."""
    arrows = np.stack([gaussian_filter(_dice.uniform(-1, 1, (28, 28)), 4, mode="constant") for _ in "yx"])
    arrows *= 1.5 / (np.abs(arrows).max() + 1e-9)
    drift = _dice.uniform(-1, 1, (2, 1, 1))
    return map_coordinates(picture, _grid + arrows + drift, order=1, mode="constant", cval=0.0)


def augment(images, training=True):
    """Randomly changed versions of the images in training, the images themselves otherwise."""
    if not training:
        return images
    pictures = np.asarray(images, dtype="float32")[..., 0]
    bent = np.stack([_bend(p) for p in pictures])[..., np.newaxis]
    return bent.clip(0, 1).astype("float32")
