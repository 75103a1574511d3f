import tensorflow as tf

answer_q23 = tf.nn.conv2d(tf.zeros((1, 6, 6, 1)), tf.zeros((3, 3, 1, 1)), strides=1, padding="VALID")
shape_6_3 = tuple(answer_q23.shape[1:3])
