"""The answers of *Priorisierung*: criteria, ranking, scenarios, slides of a workshop."""
