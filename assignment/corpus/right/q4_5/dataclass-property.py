from dataclasses import dataclass


@dataclass
class Conv:
    kernel_shape: tuple
    in_channels: int
    filters: int
    bias: bool = True

    @property
    def one_filter(self) -> int:
        high, across = self.kernel_shape
        return high * across * self.in_channels + (1 if self.bias else 0)

    def __len__(self) -> int:
        return self.filters * self.one_filter


def conv_params(*args, **kwargs):
    """The number of parameters of a convolution layer."""
    return len(Conv(*args, **kwargs))


conv_params((3, 3), 3, 10), conv_params((3, 3), 3, 10, bias=False)
