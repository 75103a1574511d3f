picture_q24 = np.zeros((33, 33))
shape_33_2 = (picture_q24[1:, 1:] + picture_q24[:-1, 1:] + picture_q24[1:, :-1] + picture_q24[:-1, :-1]).shape
