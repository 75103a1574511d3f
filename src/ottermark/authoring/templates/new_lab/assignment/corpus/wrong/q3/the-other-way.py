# misconception: none
# earns: 0
changes = temperatures[:-1] - temperatures[1:]
