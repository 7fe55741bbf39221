"""HTML as a tree, never from pieces of text: titles are written by strangers."""

from __future__ import annotations

import xml.etree.ElementTree as Tree


def tag(name: str, /, *inside: Tree.Element | str, style: str = "", **attributes: str) -> Tree.Element:
    """An element with its children in order; a text stands before, between or behind them as given."""
    element = Tree.Element(name, attributes | ({"style": style} if style else {}))
    for child in inside:
        if isinstance(child, Tree.Element):
            element.append(child)
        elif len(element):
            element[-1].tail = (element[-1].tail or "") + child
        else:
            element.text = (element.text or "") + child
    return element


def document(html: Tree.Element) -> str:
    """The whole page as text."""
    return "<!DOCTYPE html>" + Tree.tostring(html, "unicode", "html")
