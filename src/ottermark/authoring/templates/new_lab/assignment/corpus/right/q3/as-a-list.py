changes = [after - before for before, after in zip(temperatures, temperatures[1:])]
