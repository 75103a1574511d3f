import math


class Counter27:
    def __call__(self, input_shape, kernel_shape, strides=(1, 1), padding="valid"):
        ends = [1 if padding.lower() == "same" else f for f in kernel_shape]
        return tuple(len(range(0, i - e + 1, s)) for i, e, s in zip(input_shape, ends, strides))


response_shape = Counter27()
