class _Side(int):
    """The side of a square filter."""

    @property
    def weights(self):
        return int(self) ** 2


weights_one_8x8 = _Side(8).weights
weights_four_2x2 = sum(side.weights for side in map(_Side, "2222"))


def receptive_field(kernels, cells=1):
    """How many input cells a stack of stride-1 layers with these filters sees along one side."""
    match list(kernels):
        case [*below, top]:
            return receptive_field(below, cells + top - 1)
        case []:
            return cells


layers_2x2_to_see_8x8 = 0
while receptive_field([2] * layers_2x2_to_see_8x8) < 8:
    layers_2x2_to_see_8x8 += 1
receptive_field([5, 3]), receptive_field([2, 2, 2, 2])
