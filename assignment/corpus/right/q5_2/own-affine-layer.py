class Wobble(layers.Layer):
    """Turn, shear, shift and scale each picture by its own small random amounts."""

    def __init__(self, turn=0.15, shear=0.1, shift=2.0, zoom=0.08, **kwargs):
        super().__init__(**kwargs)
        self.amounts = {"turn": turn, "shear": shear, "shift": shift, "zoom": zoom}
        self.seeds = keras.random.SeedGenerator()

    def _draw(self, what, like):
        most = self.amounts[what]
        return keras.random.uniform(keras.ops.shape(like)[:1], -most, most, seed=self.seeds)

    def call(self, images, training=False):
        if not training:
            return images
        ops = keras.ops
        middle_y, middle_x = 0.5 * (images.shape[1] - 1), 0.5 * (images.shape[2] - 1)
        turn, scale = self._draw("turn", images), 1 + self._draw("zoom", images)
        a, b = scale * ops.cos(turn), -scale * ops.sin(turn) + self._draw("shear", images)
        c, d = scale * ops.sin(turn), scale * ops.cos(turn)
        # the middle of the picture stays where it is, but for the shift
        to_x = middle_x - a * middle_x - b * middle_y + self._draw("shift", images)
        to_y = middle_y - c * middle_x - d * middle_y + self._draw("shift", images)
        zero = ops.zeros_like(a)
        rows = ops.stack([a, b, to_x, c, d, to_y, zero, zero], axis=1)
        moved = ops.image.affine_transform(images, rows, interpolation="bilinear", fill_mode="constant", fill_value=0.0)
        return ops.clip(moved, 0.0, 1.0)


_wobble = Wobble()


def augment(images, training=True):
    """Randomly changed versions of the images in training, the images themselves otherwise."""
    return _wobble(images, training=training)
