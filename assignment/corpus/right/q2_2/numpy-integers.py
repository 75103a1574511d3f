response = np.array([26, 26, 32])
height = response[0]
width = response[1]
filters = response[-1]

response_meaning = {"height": height, "width": width, "filters": filters}
