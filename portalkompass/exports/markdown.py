"""Text of strangers inside Markdown: titles and queries cannot leave their place or become markup."""

from __future__ import annotations

RISKY = ("\\", "|", "<", ">", "[", "]", "*", "_", "`")


def defused(text: str) -> str:
    """The text on one line, with a backslash before whatever Markdown would obey."""
    for risky in RISKY:
        text = text.replace(risky, f"\\{risky}")
    return " ".join(text.split())
