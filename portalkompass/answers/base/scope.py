"""Which part of the traffic a question is about, beside property, search type and days.

A scope narrows rows; it never changes what a measure means. Which of its filters a figure can obey is decided by
the grains that Google gives (`answers.base.grains`), not here.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

How = Literal["contains", "is", "regex"]
"""As in Search Console: ``contains`` ignores upper and lower case, ``is`` does not, ``regex`` (RE2) matches a part."""
Brand = Literal["", "with", "without"]


@dataclass(frozen=True, slots=True)
class Match:
    """What an address or a query must look like."""

    how: How
    text: str


@dataclass(frozen=True, slots=True)
class Scope:
    """The filters of traffic; hashable, so that they are part of the cache key. Empty means all.

    ``device`` is MOBILE, DESKTOP or TABLET, ``country`` ISO 3166 alpha-3 in lower case, ``appearance`` and
    ``kind`` (of page) as the warehouse names them, ``service`` an id, ``department`` a name of the services' list;
    ``brand`` keeps queries with or without the name of the city.
    """

    device: str = ""
    country: str = ""
    appearance: str = ""
    page: Match | None = None
    kind: str = ""
    service: str = ""
    department: str = ""
    query: Match | None = None
    brand: Brand = ""

    def __bool__(self) -> bool:
        """Whether anything is narrowed at all."""
        return any(getattr(self, own.name) for own in fields(self))


WHOLE = Scope()
"""All traffic."""
