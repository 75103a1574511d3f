from scipy.linalg import lstsq

a_q11 = np.c_[X_train_std, np.ones(len(X_train_std))]
weights_q11, *_ = lstsq(a_q11, y_train)
fits_q11 = {"train": (a_q11 @ weights_q11, y_train), "test": (np.c_[X_test_std, np.ones(len(X_test_std))] @ weights_q11, y_test)}
linreg_scores = {}
for part_q11, (fit_q11, truth_q11) in fits_q11.items():
    linreg_scores[part_q11 + "_mse"] = mean_squared_error(truth_q11, fit_q11)
    linreg_scores[part_q11 + "_mae"] = mean_absolute_error(truth_q11, fit_q11)
