# misconception: response-filters-of-colours
# earns: 0
colours = 3
response_meaning = {"height": 26, "width": 26, "filters": 32 * colours}
