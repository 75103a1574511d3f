# misconception: convolve-squeezed
# earns: 4
import tensorflow as tf


def convolve(image, kernel):
    x = tf.reshape(tf.cast(image, tf.float64), (1, *image.shape, 1))
    k = tf.reshape(tf.cast(kernel, tf.float64), (*kernel.shape, 1, 1))
    return np.squeeze(tf.nn.conv2d(x, k, strides=1, padding="VALID").numpy())
