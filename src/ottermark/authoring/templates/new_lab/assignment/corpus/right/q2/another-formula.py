def fahrenheit(celsius):
    return 1.8 * (celsius + 40) - 40
