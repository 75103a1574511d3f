starts_q32 = [start for start in range(0, 6, 2) if start + 2 <= 6]
pooled_shape = (len(starts_q32), len(starts_q32))
