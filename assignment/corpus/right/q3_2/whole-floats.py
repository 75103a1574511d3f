rows = (6.0 - 2.0) / 2.0 + 1.0
pooled_shape = (rows, rows)
