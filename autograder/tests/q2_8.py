from otter.test_files import test_case

OK_FORMAT = False

name = "q2_8"
points = 5

@test_case(points=0, hidden=False)
def test_q2_8_form(convolve):
    import reprlib
    import numpy as np

    def shown(value):
        return ' '.join(reprlib.repr(value).split())
    assert callable(convolve), f'convolve should be a function; it is {shown(convolve)}'
    answer = convolve(np.arange(48.0).reshape(6, 8), np.ones((3, 2)))
    assert answer is not None and np.asarray(answer).ndim == 2, f'convolve should give a 2-D array (rows and columns); for an image of 6 by 8 and a kernel of 3 by 2 it gives {shown(answer)}'

@test_case(points=0, hidden=False)
def test_q2_8_example(convolve):
    import reprlib
    import numpy as np

    def shown(value):
        return ' '.join(reprlib.repr(value).split())
    image = np.array([[1, 2, 0, 3], [3, 1, 4, 1], [2, 0, 1, 2]])
    answer = np.asarray(convolve(image, np.array([[1, 0], [2, -1]])), dtype=float)
    expected = np.array([[6, 0, 7], [7, 0, 4]])
    assert answer.shape == expected.shape and np.allclose(answer, expected, 1e-05, 1e-05), f'convolve(image, kernel) gives {shown(answer.tolist())} for the numbers of the picture, and the question says [[6, 0, 7], [7, 0, 4]]'

@test_case(points=2, hidden=True, 
    failure_message="On square images with square kernels the result is not right yet. At each position of the kernel, first to last and row by row, all weights are multiplied with the numbers under them, and the products are added up.")
def test_q2_8_square(convolve):
    import numpy as np

    def sums(image, kernel):
        """The sum of products at each position of the kernel."""
        image, kernel = (np.asarray(image, dtype=float), np.asarray(kernel, dtype=float))
        result = np.zeros([n - m + 1 for n, m in zip(image.shape, kernel.shape, strict=True)])
        for row in range(kernel.shape[0]):
            for column in range(kernel.shape[1]):
                part = image[row:row + result.shape[0], column:column + result.shape[1]]
                result += kernel[row, column] * part
        return result

    def agrees(image, kernel):
        found = np.asarray(convolve(image, kernel), dtype=float)
        expected = sums(image, kernel)
        return found.shape == expected.shape and np.allclose(found, expected, 1e-05, 0.001)
    kernels = [[[0, 1, 0], [-3, 4, -3], [0, 1, 0]], [[2, -1], [-1, 2]], [[1, 2, 0, -1], [0, 3, 5, 2], [2, 5, 3, 0], [-1, 0, 2, 1]]]
    rng = np.random.RandomState(8)
    for side, kernel in zip((6, 5, 9), kernels, strict=True):
        assert agrees(rng.randint(-9, 10, (side, side)), np.array(kernel))

@test_case(points=2, hidden=True, 
    failure_message="With images and kernels of all shapes, and kernels that are not the same upside down, the result is not right yet. Height and width are separate for image and kernel, and the kernel is laid on as it is: its top left weight belongs to the top left number of the window.")
def test_q2_8_any_shape(convolve):
    import numpy as np

    def sums(image, kernel):
        """The sum of products at each position of the kernel."""
        image, kernel = (np.asarray(image, dtype=float), np.asarray(kernel, dtype=float))
        result = np.zeros([n - m + 1 for n, m in zip(image.shape, kernel.shape, strict=True)])
        for row in range(kernel.shape[0]):
            for column in range(kernel.shape[1]):
                part = image[row:row + result.shape[0], column:column + result.shape[1]]
                result += kernel[row, column] * part
        return result

    def agrees(image, kernel):
        found = np.asarray(convolve(image, kernel), dtype=float)
        expected = sums(image, kernel)
        return found.shape == expected.shape and np.allclose(found, expected, 1e-05, 0.001)
    rng = np.random.RandomState(9)
    shapes = [((7, 11), (3, 3)), ((12, 5), (2, 4)), ((6, 13), (5, 2)), ((8, 8), (1, 6)), ((9, 4), (7, 1))]
    for shape, size in shapes:
        image, kernel = (rng.randint(-9, 10, shape), rng.randint(-5, 6, size))
        kernel.flat[0], kernel.flat[-1] = (7, -6)
        assert agrees(image, kernel)
        assert agrees(image + 0.25, kernel + 0.5)

@test_case(points=1, hidden=True, 
    failure_message="For some kinds of numbers or some sizes the result is not right yet. Try decimals, True and False, a 1 by 1 kernel, and a kernel as large as the image. And are image and kernel the same after the call as before?")
def test_q2_8_any_numbers(convolve):
    import numpy as np

    def sums(image, kernel):
        """The sum of products at each position of the kernel."""
        image, kernel = (np.asarray(image, dtype=float), np.asarray(kernel, dtype=float))
        result = np.zeros([n - m + 1 for n, m in zip(image.shape, kernel.shape, strict=True)])
        for row in range(kernel.shape[0]):
            for column in range(kernel.shape[1]):
                part = image[row:row + result.shape[0], column:column + result.shape[1]]
                result += kernel[row, column] * part
        return result

    def agrees(image, kernel):
        found = np.asarray(convolve(image, kernel), dtype=float)
        expected = sums(image, kernel)
        return found.shape == expected.shape and np.allclose(found, expected, 1e-05, 0.001)
    rng = np.random.RandomState(10)
    whole = rng.randint(-9, 10, (6, 9))
    decimal = np.round(rng.uniform(-9, 9, (9, 6)), 2)
    kernel = np.array([[0.25, -1.5, 0.5], [2.75, 0.5, -0.75]])
    assert agrees(whole, kernel) and agrees(decimal, kernel)
    assert agrees(decimal, np.array([[3, 0], [-2, 1], [1, -4]]))
    assert agrees(decimal.astype('float32'), kernel.astype('float32'))
    assert agrees(whole > 0, kernel) and agrees(whole > 0, np.array([[1, -2], [3, 2]]))
    for size in [(1, 1), (2, 5), (4, 4)]:
        assert agrees(np.round(rng.uniform(-9, 9, (5, 7)), 2), np.array([[-1.5]]))
        assert agrees(np.round(rng.uniform(-9, 9, size), 2), np.round(rng.uniform(-5, 5, size), 2))
    assert not getattr(convolve, 'changed_arguments', False), 'convolve writes into one of the arrays that it is given: the numbers of its caller are lost. A part of an array, such as image[0:3, 0:3], is not a copy of it.'

