# misconception: windows-counted-in-all
# earns: 0
pooled_shape = (9, 9)
