p_q11 = np.linalg.pinv(np.c_[X_train_std, np.ones(404)]) @ y_train
off_q11 = keras.ops.convert_to_tensor(np.c_[X_train_std, np.ones(404)] @ p_q11 - y_train)
off_test_q11 = keras.ops.convert_to_tensor(np.c_[X_test_std, np.ones(102)] @ p_q11 - y_test)
linreg_scores = {
    "train_mse": keras.ops.mean(off_q11**2),
    "train_mae": keras.ops.mean(abs(off_q11)),
    "test_mse": keras.ops.mean(off_test_q11**2),
    "test_mae": keras.ops.mean(abs(off_test_q11)),
}
