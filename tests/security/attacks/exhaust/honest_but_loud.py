# tries: nothing; it answers correctly and prints as much as is kept, in the characters that take most space
# earns: 1
# ends: graded
# reached: too long
# %% q2_3
shape_6_3 = (4, 4)
print("\N{SNOWMAN}\N{GRINNING FACE}" * 950_000)
