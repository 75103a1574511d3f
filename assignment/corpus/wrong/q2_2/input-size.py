# misconception: response-is-the-input
# earns: 0
height = 26 + 3 - 1
width = 26 + 3 - 1
filters = 32

response_meaning = {"height": height, "width": width, "filters": filters}
