# misconception: augment-leaves-the-range
# earns: 2
def augment(images, training=True):
    noise = np.random.normal(0, 0.1, images.shape)
    return (images + noise).astype("float32") if training else images
