"""What stands in the cells of a table on the screen."""

from portalkompass.ui.components import grids


def written(exhibit):
    """The table as text, a line a row: heads are the fields' names, then the cells as they are sent."""
    styler = grids.prepared(exhibit).rows
    texts = styler.data.astype(str)
    for cell in styler._translate()["body"][0]:
        row, column = (int(part[3:]) for part in cell["id"].split("_"))
        texts.iat[row, column] = cell["display_value"]
    return "\n".join("|".join(line) for line in [list(texts.columns), *texts.to_numpy().tolist()])
