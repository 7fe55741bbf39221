"""What stands on a screen: how many of each kind of element, read from the page as the browser shows it.

The plain page is drawn from this, so that both sides of a comparison hold the same widgets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from playwright.sync_api import Page

WIDGETS = {
    "button": "stButton",
    "download": "stDownloadButton",
    "popover": "stPopover",
    "expander": "stExpander",
    "select": "stSelectbox",
    "date": "stDateInput",
    "text": "stTextInput",
    "check": "stCheckbox",
    "choice": "stButtonGroup",
    "metric": "stMetric",
    "markdown": "stMarkdown",
    "caption": "stCaptionContainer",
    "heading": "stHeading",
    "alert": "stAlert",
    "link": "stPageLink",
    "tabs": "stTabs",
}
"""Kind of element → the name under which Streamlit puts it on the page."""
_TABLES = """
found => found.map(one => {
  const grid = one.querySelector("[role=grid], table");
  const count = name => Number(grid?.getAttribute(name) ?? 0);
  return [Math.max(count("aria-rowcount") - 1, 1), Math.max(count("aria-colcount"), 1)];
})
"""
"""Rows and columns of each table; the grid tells both to screen readers."""


class Shape(TypedDict):
    """Elements of a screen: widgets by kind, heights of the charts in pixels, rows and columns of the tables."""

    widgets: dict[str, int]
    charts: list[int]
    tables: list[list[int]]


def shape_of(page: Page) -> Shape:
    """The shape of what the page shows now, side bar included."""
    heights = "found => found.map(one => Math.round(one.getBoundingClientRect().height))"
    return {
        "widgets": {kind: page.locator(f"[data-testid={name}]").count() for kind, name in WIDGETS.items()},
        "charts": page.locator("[data-testid=stVegaLiteChart]").evaluate_all(heights),
        "tables": page.locator("[data-testid=stDataFrame]").evaluate_all(_TABLES),
    }


def said(shape: Shape) -> str:
    """The shape in a few words for a table of results."""
    widgets = sum(shape["widgets"].values())
    return f"{len(shape['charts'])} charts, {len(shape['tables'])} tables, {widgets} other elements"
