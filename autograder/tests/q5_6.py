from otter.test_files import test_case

OK_FORMAT = False

name = "q5_6"
points = 3

@test_case(points=0, hidden=False)
def test_q5_6_form(validation_accuracy, confused_pair):
    import math
    import reprlib
    import numpy as np

    def number(value):
        if value is None or isinstance(value, (bool, str, bytes)):
            return None
        try:
            cells = np.asarray(value).reshape(-1)
            if cells.size != 1 or isinstance(cells[0], (bool, np.bool_, str, bytes)):
                return None
            return float(cells[0])
        except Exception:
            return None

    def whole(value):
        found = number(value)
        if found is None or not math.isfinite(found) or found != int(found):
            return None
        return int(found)

    def pair(value):
        if value is None or isinstance(value, (str, bytes, dict, set)):
            return None
        try:
            parts = [whole(part) for part in value]
        except Exception:
            return None
        return tuple(parts) if len(parts) == 2 and None not in parts else None

    def shown(value):
        return ' '.join(reprlib.repr(value).split())
    found = number(validation_accuracy)
    assert found is not None and 0 <= found <= 1, f'validation_accuracy should be a number from 0 to 1; it is {shown(validation_accuracy)}'
    digits = pair(confused_pair)
    assert digits is not None, f'confused_pair should be a pair (true digit, read digit); it is {shown(confused_pair)}'
    assert all((0 <= digit <= 9 for digit in digits)), f'confused_pair should hold two digits from 0 to 9; it is {shown(confused_pair)}'
    assert digits[0] != digits[1], f'confused_pair should be a mistake, so its two digits differ; it is {shown(confused_pair)}'

@test_case(points=1, hidden=True, 
    failure_message="validation_accuracy is not the share of the validation digits that convnet reads right. Compare the largest of the ten scores with val_labels, on val_digits alone, and after the training has ended. Compute it with code: the grader trains your net again.")
def test_q5_6_accuracy(validation_accuracy, convnet):
    import numpy as np

    def number(value):
        if value is None or isinstance(value, (bool, str, bytes)):
            return None
        try:
            cells = np.asarray(value).reshape(-1)
            if cells.size != 1 or isinstance(cells[0], (bool, np.bool_, str, bytes)):
                return None
            return float(cells[0])
        except Exception:
            return None

    def validation():
        with np.load('data/digits.npz') as archive:
            pictures = archive['images'][3000:, :, :, np.newaxis].astype('float32') / 255
            return (pictures, archive['labels'][3000:].astype(int))
    pictures, labels = validation()
    scores = np.asarray(convnet.predict(pictures, verbose=0), dtype=float)
    assert scores.shape == (500, 10) and np.isfinite(scores).all()
    accuracy = np.mean(scores.argmax(axis=1) == labels)
    share = number(validation_accuracy)
    assert abs(share - accuracy) <= 0.002 + 1e-09 and abs(500 * share - round(500 * share)) < 0.01

@test_case(points=2, hidden=True, 
    failure_message="confused_pair is not the most frequent mistake of convnet on the validation digits. Count the pairs (true digit, read digit) that differ, take the most frequent one, and put the true digit first. Compute it with code: the grader trains your net again.")
def test_q5_6_pair(confused_pair, convnet):
    import math
    import numpy as np

    def number(value):
        if value is None or isinstance(value, (bool, str, bytes)):
            return None
        try:
            cells = np.asarray(value).reshape(-1)
            if cells.size != 1 or isinstance(cells[0], (bool, np.bool_, str, bytes)):
                return None
            return float(cells[0])
        except Exception:
            return None

    def whole(value):
        found = number(value)
        if found is None or not math.isfinite(found) or found != int(found):
            return None
        return int(found)

    def pair(value):
        if value is None or isinstance(value, (str, bytes, dict, set)):
            return None
        try:
            parts = [whole(part) for part in value]
        except Exception:
            return None
        return tuple(parts) if len(parts) == 2 and None not in parts else None

    def validation():
        with np.load('data/digits.npz') as archive:
            pictures = archive['images'][3000:, :, :, np.newaxis].astype('float32') / 255
            return (pictures, archive['labels'][3000:].astype(int))
    pictures, labels = validation()
    scores = np.asarray(convnet.predict(pictures, verbose=0), dtype=float)
    assert scores.shape == (500, 10) and np.isfinite(scores).all()
    often = np.zeros((10, 10), dtype=int)
    np.add.at(often, (labels, scores.argmax(axis=1)), 1)
    np.fill_diagonal(often, 0)
    true, read = pair(confused_pair)
    assert true != read and min(true, read) >= 0 and (max(true, read) <= 9)
    assert often[true, read] == often.max()

