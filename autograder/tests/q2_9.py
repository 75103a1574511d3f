from otter.test_files import test_case

OK_FORMAT = False

name = "q2_9"
points = 2

@test_case(points=0, hidden=False)
def test_q2_9_form(edge_kernel):
    import reprlib
    import numpy as np

    def weights_of(value):
        """The nine numbers as an array; None for anything else."""
        try:
            cells = np.asarray(value)
            if cells.shape != (3, 3) or cells.dtype.kind in 'USb':
                return None
            return cells.astype(float) if np.isfinite(cells.astype(float)).all() else None
        except Exception:
            return None

    def shown(value):
        return ' '.join(reprlib.repr(value).split())
    assert weights_of(edge_kernel) is not None, f'edge_kernel should be an array of 3 rows and 3 columns of numbers; it is {shown(edge_kernel)}'

@test_case(points=1, hidden=True, 
    failure_message="Either the nine weights of edge_kernel do not add up to 0, or its largest answer to the vertical step is smaller than 1. At the step, what do the columns of your filter meet?")
def test_q2_9_vertical(edge_kernel):
    import numpy as np

    def weights_of(value):
        """The nine numbers as an array; None for anything else."""
        try:
            cells = np.asarray(value)
            if cells.shape != (3, 3) or cells.dtype.kind in 'USb':
                return None
            return cells.astype(float) if np.isfinite(cells.astype(float)).all() else None
        except Exception:
            return None

    def largest_answer(weights, picture):
        """The largest size among the answers at all places of a picture."""
        rows, columns = (picture.shape[0] - 2, picture.shape[1] - 2)
        answers = [abs((weights * picture[row:row + 3, column:column + 3]).sum()) for row in range(rows) for column in range(columns)]
        return max(answers)
    weights = weights_of(edge_kernel)
    step = np.kron([0.0, 1.0], np.ones((7, 4)))
    assert abs(weights.sum()) <= 1e-06
    assert largest_answer(weights, step) >= 1 - 1e-06

@test_case(points=1, hidden=True, 
    failure_message="edge_kernel should have weights that add up to 0, and answer to the vertical step at least four times as much as to the horizontal one. What do the rows of your filter meet at a horizontal step?")
def test_q2_9_not_horizontal(edge_kernel):
    import numpy as np

    def weights_of(value):
        """The nine numbers as an array; None for anything else."""
        try:
            cells = np.asarray(value)
            if cells.shape != (3, 3) or cells.dtype.kind in 'USb':
                return None
            return cells.astype(float) if np.isfinite(cells.astype(float)).all() else None
        except Exception:
            return None

    def largest_answer(weights, picture):
        """The largest size among the answers at all places of a picture."""
        rows, columns = (picture.shape[0] - 2, picture.shape[1] - 2)
        answers = [abs((weights * picture[row:row + 3, column:column + 3]).sum()) for row in range(rows) for column in range(columns)]
        return max(answers)
    weights = weights_of(edge_kernel)
    step = np.kron([0.0, 1.0], np.ones((7, 4)))
    vertical, horizontal = (largest_answer(weights, step), largest_answer(weights, step.T))
    assert abs(weights.sum()) <= 1e-06 and vertical >= 1 - 1e-06
    assert vertical >= 4 * horizontal - 1e-06

