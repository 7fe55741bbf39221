"""A reader who knows every export, every total and the method, and solves for what is hidden.

Each page and month is an unknown. Every figure that left the app is an equation, or a pair of bounds; so is what
everybody knows (no more applications than starts or cases) and what somebody may know from elsewhere (the total of a
month). A linear program then says between which values each unknown lies.
"""

import re
from collections import defaultdict

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

NUMBER = r"(\d[\d.]*)"


class Attacker:
    """Equations and bounds over unknown counts; a cell is any hashable name of one."""

    def __init__(self):
        self._cells = {}
        self._rows = {}
        self._box = defaultdict(lambda: [0.0, np.inf])
        self._problem = None

    def knows(self, weights, low, high):
        """That the weighted sum of cells lies between ``low`` and ``high``."""
        self._problem = None
        if weights:
            self._rows[frozenset(weights.items()), low, high] = dict(weights), low, high
            for cell in weights:
                self._cells.setdefault(cell, len(self._cells))

    def bounds(self, cell, low, high):
        """That one cell lies between ``low`` and ``high``."""
        self._problem = None
        self._cells.setdefault(cell, len(self._cells))
        box = self._box[cell]
        self._box[cell] = [max(box[0], low), min(box[1], high)]

    def reads(self, weights, cell):
        """What a cell of a table says of the weighted sum of these cells; "" and None say nothing."""
        if cell is None or cell == "geheim" or cell in ("–", ""):
            return
        if not isinstance(cell, str):
            return self.knows(weights, cell, cell)
        whole = all(weight == 1 for weight in weights.values())
        if below := re.fullmatch(rf"< {NUMBER}", cell):
            return self.knows(weights, 0, _number(below[1]) - (1 if whole else 0))
        if least := re.fullmatch(rf"mind\. {NUMBER}", cell):
            return self.knows(weights, _number(least[1]), np.inf)
        if ends := re.fullmatch(rf"{NUMBER} bis {NUMBER}", cell):
            return self.knows(weights, _number(ends[1]), _number(ends[2]))
        raise AssertionError(f"what does {cell!r} say?")

    def holds(self, truth):
        """Whether everything he knows is true of these counts: an attacker who is misled proves nothing."""
        for weights, low, high in self._rows.values():
            total = sum(weight * truth[cell] for cell, weight in weights.items())
            if not low - 1e-6 <= total <= high + 1e-6:
                return False
        return all(low <= truth[cell] <= high for cell, (low, high) in self._box.items())

    def interval(self, cell):
        """The least and the greatest value that the cell can have."""
        if self._problem is None:
            self._problem = self._written_down()
        ends = []
        for sign in (1, -1):
            aim = np.zeros(len(self._cells))
            aim[self._cells[cell]] = sign
            solved = linprog(aim, **self._problem, method="highs")
            assert solved.status in (0, 3), solved.message
            ends.append(sign * (solved.fun if solved.status == 0 else -np.inf))
        return tuple(ends)

    def _written_down(self):
        """All that is known as the matrices and vectors of a linear program."""
        upper, equal = [], []
        for weights, low, high in self._rows.values():
            if low == high:
                equal.append((weights, low))
            else:
                upper += [(weights, high)] if np.isfinite(high) else []
                upper += (
                    [({one: -weight for one, weight in weights.items()}, -low)] if np.isfinite(low) else []
                )
        (at_most, tops), (exactly, sums) = self._matrix(upper), self._matrix(equal)
        box = [tuple(self._box[one]) if one in self._box else (0, None) for one in self._cells]
        return {"A_ub": at_most, "b_ub": tops, "A_eq": exactly, "b_eq": sums, "bounds": box}

    def _matrix(self, sides):
        if not sides:
            return None, None
        entries = [
            (row, self._cells[cell], weight)
            for row, (weights, _) in enumerate(sides)
            for cell, weight in weights.items()
        ]
        rows, columns, weights = zip(*entries, strict=True)
        shape = (len(sides), len(self._cells))
        return csr_array((weights, (rows, columns)), shape=shape), [limit for _, limit in sides]


def _number(text):
    return float(text.replace(".", ""))
