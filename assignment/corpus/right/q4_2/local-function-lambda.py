O = lambda I, F, P=0, S=1: (I - F + 2 * P) // S + 1
output_100_2 = O(100, 2), O(I=100, F=2)
