# misconception: linreg-mse-mae-swapped-partly
# earns: 0
def four_scores(predicted_train, predicted_test):
    scores = {}
    scores["train_mse"] = mean_squared_error(y_train, predicted_train)
    scores["train_mae"] = mean_absolute_error(y_train, predicted_train)
    scores["test_mse"] = mean_absolute_error(y_test, predicted_test)
    scores["test_mae"] = mean_squared_error(y_test, predicted_test)
    return scores


linear_model = LinearRegression().fit(X_train_std, y_train)
p_train = linear_model.predict(X_train_std)
p_test = linear_model.predict(X_test_std)
linreg_scores = four_scores(p_train, p_test)
score_table(linreg=linreg_scores)
