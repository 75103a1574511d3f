height, width, filters = (26, 26, 32)

response_meaning = {"height": height, "width": width, "filters": filters}
