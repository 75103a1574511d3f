height, width, filters = np.array((26, 26, 32))
response_meaning = {"height": height, "width": width, "filters": filters}
