def max_pool(x, pool=2, stride=2):
    x = np.asarray(x).tolist()
    return [
        [
            max(x[r + a][c + b] for a in range(pool) for b in range(pool))
            for c in range(0, len(x[0]) - pool + 1, stride)
        ]
        for r in range(0, len(x) - pool + 1, stride)
    ]
