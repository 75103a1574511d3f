# misconception: response-all-cells
# earns: 0
height = 26
width = 26
filters = 26 * 26

response_meaning = {"height": height, "width": width, "filters": filters}
