from fractions import Fraction

shape_33_2 = (Fraction(33 - 2, 1) + 1,) * 2
