from itertools import product

starts_q23 = [s for s in product(range(6), repeat=2) if max(s) <= 6 - 3]
shape_6_3 = (len({r for r, _ in starts_q23}), len({c for _, c in starts_q23}))
