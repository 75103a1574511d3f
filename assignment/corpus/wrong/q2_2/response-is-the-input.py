# misconception: response-is-the-input
# earns: 0
height = 28
width = 28
filters = 32

response_meaning = {"height": height, "width": width, "filters": filters}
