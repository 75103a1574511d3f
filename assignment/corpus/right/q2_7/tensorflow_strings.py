import tensorflow as tf


def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    picture = tf.zeros((1, *input_shape, 1))
    window = tf.zeros((*kernel_shape, 1, 1))
    return tuple(tf.nn.convolution(picture, window, strides=strides, padding=padding.upper()).shape[1:3])
