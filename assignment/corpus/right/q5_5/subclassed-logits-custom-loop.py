import tensorflow as tf

keras.utils.set_random_seed(4)
tally = lambda side, inside, outside: side * side * inside * outside + outside
predicted_params = tally(5, 1, 10) + tally(3, 10, 20) + tally(1, 5 * 5 * 20, 10)


class Reader(keras.Model):
    """Ten raw scores per picture; the largest one is the answer."""

    def __init__(self):
        super().__init__()
        self.see = layers.Conv2D(10, 5, activation="relu")       # 24
        self.see_more = layers.Conv2D(20, 3, activation="relu")  # 10, after pooling to 12
        self.pool = layers.MaxPooling2D(2)
        self.row = layers.Flatten()
        self.scores = layers.Dense(10)

    def call(self, x, training=False):
        x = self.pool(self.see(x))
        x = self.pool(self.see_more(x))
        return self.scores(self.row(x))


convnet = Reader()
convnet(digits[:1])

epochs, size = 8, 50
steps = -(-len(digits) // size)
optimizer = keras.optimizers.AdamW(keras.optimizers.schedules.CosineDecay(4e-3, epochs * steps), weight_decay=1e-3)
optimizer.build(convnet.trainable_variables)


@tf.function(reduce_retracing=True)
def learn(pictures, answers):
    with tf.GradientTape() as tape:
        logits = convnet(pictures, training=True)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(answers, logits))
    optimizer.apply_gradients(zip(tape.gradient(loss, convnet.trainable_variables), convnet.trainable_variables))
    return loss


shuffler = np.random.default_rng(4)
for epoch in range(epochs):
    total = 0.0
    for some in np.array_split(shuffler.permutation(len(digits)), steps):
        total += float(learn(tf.constant(digits[some]), tf.constant(labels[some]))) * len(some)
    print(f"epoch {epoch + 1}: {total / len(digits):.3f}")
assert predicted_params == convnet.count_params()
