"""Stands before a package that only development tools bring: jsonschema, and with it Altair, would import it (1.3 s)
in every app of this environment, in none of a city's.
"""

raise ImportError("not part of the app's requirements")
