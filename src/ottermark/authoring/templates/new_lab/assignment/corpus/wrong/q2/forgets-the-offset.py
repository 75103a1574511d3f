# misconception: forgets-the-offset
# earns: 0
def fahrenheit(celsius):
    return celsius * 1.8
