from operator import attrgetter

# height as the real part, width as the imaginary one: (I - F + 2P) / S + 1 for both at once
I, F, P, S = 100 + 100j, 2 + 2j, 0, 1
O = (I - F + 2 * P) / S + (1 + 1j)
output_100_2 = tuple(map(int, attrgetter("real", "imag")(O)))
