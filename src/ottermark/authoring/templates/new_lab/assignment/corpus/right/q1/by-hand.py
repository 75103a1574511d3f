mean_temperature = sum(temperatures) / len(temperatures)
