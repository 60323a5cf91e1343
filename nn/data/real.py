"""Real data that come along, or with scikit-learn: Fisher's iris, and handwritten digits."""

from importlib.resources import files

import numpy as np

from nn.data.dataset import Dataset


def iris() -> Dataset:
    """Fisher's iris: 150 flowers of three species, four measurements in centimetres.

    Source: R. A. Fisher (1936), "The use of multiple measurements in taxonomic problems", Annals of Eugenics 7,
    pages 179-188; the measurements are E. Anderson's. The numbers are those of the paper, as in R's `iris`.

    >>> iris().X.shape, iris().classes
    ((150, 4), ['setosa', 'versicolor', 'virginica'])
    """
    header, *lines = files("nn.data").joinpath("iris.csv").read_text(encoding="ascii").split()
    *features, target = header.split(",")
    cells = np.array([line.split(",") for line in lines])
    classes, y = np.unique(cells[:, -1], return_inverse=True)
    return Dataset("iris", cells[:, :-1].astype(np.float64), y, features, target, classes.tolist())


def digits() -> Dataset:
    """1797 handwritten digits as images of 8 x 8 pixels, from 0 (white) to 16; ten classes.

    Source: E. Alpaydin and C. Kaynak (1998), "Optical recognition of handwritten digits", UCI Machine Learning
    Repository: its test part, as it comes with scikit-learn. Raises ModuleNotFoundError without scikit-learn.
    """
    try:
        from sklearn.datasets import load_digits
    except ModuleNotFoundError:
        raise ModuleNotFoundError(
            'the digits come with scikit-learn: pip install "stepgrad[digits]" brings it', name="sklearn"
        ) from None
    images = load_digits()
    features = [f"pixel_{row}_{column}" for row in range(8) for column in range(8)]
    return Dataset("digits", images.data, images.target.astype(np.int64), features, "digit", tuple("0123456789"))
