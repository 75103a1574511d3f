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

