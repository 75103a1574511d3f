# misconception: partial-windows-kept
# earns: 1
def max_pool(x, pool=2, stride=2):
    out = []
    for r in range(0, len(x), stride):
        row = []
        for c in range(0, len(x[0]), stride):
            row.append(np.max(x[r : r + pool, c : c + pool]))
        out.append(row)
    return np.array(out)
