from collections import namedtuple

Response = namedtuple("Response", "height width maps")
I, F = 33, 2
shape_33_2 = Response(height=I - F + 1, width=I - F + 1, maps=1)
