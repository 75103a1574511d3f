side_q32 = (6 - 2) // 2 + 1
pooled_shape = (side_q32, side_q32)
