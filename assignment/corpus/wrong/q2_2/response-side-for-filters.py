# misconception: response-side-for-filters
# earns: 0
shape = (26, 26, 32)
response_meaning = {"height": shape[0], "width": shape[1], "filters": shape[1]}
