edge_kernel = keras.ops.convert_to_tensor([[2.0, 0.0, -2.0], [2.0, 0.0, -2.0], [2.0, 0.0, -2.0]])
