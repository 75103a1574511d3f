import tensorflow as tf


def max_pool(x, pool=2, stride=2):
    """The maxima of the pool x pool windows of a 2-D array, `stride` cells apart."""
    rows = tf.range(0, x.shape[0] - pool + 1, stride)[:, None] + tf.range(pool)  # the rows of each window
    columns = tf.range(0, x.shape[1] - pool + 1, stride)[:, None] + tf.range(pool)
    tallest = tf.reduce_max(tf.gather(x, rows, axis=0), axis=1)
    return tf.reduce_max(tf.gather(tallest, columns, axis=1), axis=2)


max_pool(np.array([[3, 1, 0, 2], [5, 4, 7, 1], [2, 6, 1, 1], [0, 3, 8, 4]]))
