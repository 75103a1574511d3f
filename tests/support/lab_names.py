"""What the lab's notebook defines before its questions."""

from __future__ import annotations

from typing import Any

import numpy as np
from conftest import PROJECT


def names_before_questions() -> dict[str, Any]:
    """Return these names, and as ``right`` the scores of the line; nothing needs Keras."""
    from sklearn.linear_model import LinearRegression
    from sklearn.metrics import mean_absolute_error, mean_squared_error
    from sklearn.model_selection import train_test_split
    from sklearn.preprocessing import StandardScaler

    path = PROJECT / "assignment" / "data" / "boston_housing.csv"
    rows = np.loadtxt(path, delimiter=",", skiprows=1)
    X, y = rows[:, :13], rows[:, 13]
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=42)
    scaler = StandardScaler().fit(X_train)
    X_train_std, X_test_std = scaler.transform(X_train), scaler.transform(X_test)
    X_fit, y_fit = X_train_std[:-80], y_train[:-80]  # without the validation rows
    line = LinearRegression().fit(X_train_std, y_train)
    right = {
        f"{part}_{name}": measure(truth, line.predict(features))
        for part, truth, features in (("train", y_train, X_train_std), ("test", y_test, X_test_std))
        for name, measure in (("mse", mean_squared_error), ("mae", mean_absolute_error))
    }
    own = {n: v for n, v in locals().items() if n not in ("path", "rows", "line")}
    return {"np": np, "score_table": lambda **models: None, **own}
