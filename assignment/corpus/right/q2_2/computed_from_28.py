image_q22, filter_q22 = 28, 3
side_q22 = image_q22 - filter_q22 + 1
response_meaning = {"height": side_q22, "width": side_q22, "filters": 32}
