# misconception: pooled-with-same-padding
# earns: 1
def max_pool(x, pool=2, stride=2):
    layer = layers.MaxPooling2D(pool, stride, padding="same")
    return np.asarray(layer(np.asarray(x, float)[None, ..., None]))[0, :, :, 0]
