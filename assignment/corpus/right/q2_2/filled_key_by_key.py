response_meaning = {}
response_meaning["filters"] = 4 * 8
for key_q22 in ("width", "height"):
    response_meaning[key_q22] = 13 * 2
