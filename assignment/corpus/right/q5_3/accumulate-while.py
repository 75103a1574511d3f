from itertools import accumulate

weights_one_8x8, weights_four_2x2 = (sum(k * k for k in stack) for stack in ([8], [2, 2, 2, 2]))


def receptive_field(kernels):
    """How many input cells a stack of stride-1 layers with these filters sees along one side."""
    *_, last = accumulate(kernels, lambda seen, k: seen + k - 1, initial=1)
    return last


stack = []
while receptive_field(stack) < 8:
    stack.append(2)
layers_2x2_to_see_8x8 = len(stack)
receptive_field([5, 3]), receptive_field([2, 2, 2, 2])
