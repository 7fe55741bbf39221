"""What cannot be drawn."""


class ChartError(Exception):
    """The exhibit cannot be drawn as a chart: it is a table, or has no rows."""
