max_pool = lambda x, pool=2, stride=2: pool_rows_q33(pool_rows_q33(x, pool, stride).T, pool, stride).T


def pool_rows_q33(x, pool, stride):
    return np.array([x[r : r + pool].max(axis=0) for r in range(0, len(x) - pool + 1, stride)])
