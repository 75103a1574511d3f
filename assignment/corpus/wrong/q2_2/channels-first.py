# misconception: response-channels-first
# earns: 0
height = 26
width = 32
filters = 26

response_meaning = {"height": height, "width": width, "filters": filters}
