from dataclasses import dataclass, replace


@dataclass(frozen=True)
class ConvLayer:
    filters: int
    side: int
    channels: int

    @property
    def weights(self):
        return self.filters * self.channels * self.side**2

    def __len__(self):  # all parameters: a bias for each filter too
        return self.weights + self.filters


conv2_24 = ConvLayer(filters=24, side=2, channels=1)
conv2_24_weights, conv2_24_params = conv2_24.weights, len(conv2_24)
second_conv2_24_weights = replace(conv2_24, channels=conv2_24.filters).weights
