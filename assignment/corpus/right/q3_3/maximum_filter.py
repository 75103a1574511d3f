from scipy.ndimage import maximum_filter


def max_pool(x, pool=2, stride=2):
    # the filter of odd or even size looks back by pool // 2 cells
    back = pool // 2
    highest = maximum_filter(np.asarray(x, dtype=float), size=pool, mode="nearest")
    height, width = x.shape
    return highest[back : back + height - pool + 1 : stride, back : back + width - pool + 1 : stride]
