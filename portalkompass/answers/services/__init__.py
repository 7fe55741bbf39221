"""The answers of *Leistungen*: the list with its demand, one service in full, online services, municipalities."""
