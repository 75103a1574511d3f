import tensorflow as tf

keras.utils.set_random_seed(2)


@keras.saving.register_keras_serializable(package="lab")
class ClippedModel(keras.Model):
    """A functional model whose own train_step clips the gradients."""

    def train_step(self, data):
        x, t = data
        with tf.GradientTape() as tape:
            loss = self.compute_loss(x=x, y=t, y_pred=self(x, training=True))
        gradients = tape.gradient(loss, self.trainable_variables)
        gradients, _ = tf.clip_by_global_norm(gradients, 200.0)
        self.optimizer.apply(gradients, self.trainable_variables)
        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(loss)
        return {"loss": loss}


body = keras.Sequential([layers.Dense(128, activation="relu") for _ in range(5)], name="body")
head = layers.Dense(1, name="head")
rows = keras.Input((13,), name="rows")
deep_model = ClippedModel(rows, head(body(rows)))

deep_model.compile(optimizer=keras.optimizers.Nadam(8e-4), loss="mse")
batches = tf.data.Dataset.from_tensor_slices((X_train_std, y_train[:, np.newaxis])).shuffle(404).batch(32)
deep_model.fit(batches, epochs=30, verbose=0, callbacks=[Progress(10)])

p_train, p_test = map(lambda r: deep_model.predict(r, verbose=0).reshape(-1), (X_train_std, X_test_std))
deep_scores = {
    "train_mse": mean_squared_error(y_train, p_train),
    "train_mae": mean_absolute_error(y_train, p_train),
    "test_mse": mean_squared_error(y_test, p_test),
    "test_mae": mean_absolute_error(y_test, p_test),
}
score_table(deep=deep_scores)
