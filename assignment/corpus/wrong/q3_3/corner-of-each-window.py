# misconception: corner-of-each-window
# earns: 0
def max_pool(x, pool=2, stride=2):
    return x[0 : x.shape[0] : stride, 0 : x.shape[1] : stride]
