rough_q29 = np.array([[0, 0, 3.0]] * 3)
edge_kernel = rough_q29 - rough_q29.mean()
