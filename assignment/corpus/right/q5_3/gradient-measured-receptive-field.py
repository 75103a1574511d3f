import tensorflow as tf

one, small = layers.Conv2D(1, 8, use_bias=False), [layers.Conv2D(1, 2, use_bias=False) for _ in range(4)]
stack = keras.Sequential([keras.Input((16, 16, 1)), *small])
one.build((None, 16, 16, 1))
weights_one_8x8 = one.count_params()
weights_four_2x2 = stack.count_params()


def receptive_field(kernels):
    """How many input cells a stack of stride-1 layers with these filters sees along one side."""
    # touch one number of the last response and look which cells of the input it depends on
    row = tf.ones((1, sum(kernels) + 1, 1), dtype=tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(row)
        out = row
        for k in kernels:
            out = tf.nn.conv1d(out, tf.fill((k, 1, 1), tf.constant(1.0 / k, tf.float64)), stride=1, padding="VALID")
        touched = out[0, 0, 0]
    return int(tf.math.count_nonzero(tape.gradient(touched, row)))


layers_2x2_to_see_8x8 = next(n for n in range(1, 100) if receptive_field([2] * n) >= 8)
receptive_field([5, 3]), receptive_field([2, 2, 2, 2])
