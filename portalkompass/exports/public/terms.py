"""Who publishes, under which licence, and where: what stands beside all that leaves for the public."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

LicenceName = Literal["dl-de/zero-2-0", "dl-de/by-2-0", "cc-zero", "cc-by-4.0"]


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence: its name, its text, its entry in the list of DCAT-AP.de, and whether the publisher has to be named."""

    name: str
    text: str
    entry: str
    attribution: bool


_LIST = "http://dcat-ap.de/def/licenses/"
LICENCES: dict[str, Licence] = {
    "dl-de/zero-2-0": Licence(
        "Datenlizenz Deutschland – Zero – Version 2.0",
        "https://www.govdata.de/dl-de/zero-2-0",
        f"{_LIST}dl-zero-de/2.0",
        attribution=False,
    ),
    "dl-de/by-2-0": Licence(
        "Datenlizenz Deutschland – Namensnennung – Version 2.0",
        "https://www.govdata.de/dl-de/by-2-0",
        f"{_LIST}dl-by-de/2.0",
        attribution=True,
    ),
    "cc-zero": Licence(
        "Creative Commons CC Zero 1.0 (CC0)",
        "https://creativecommons.org/publicdomain/zero/1.0/deed.de",
        f"{_LIST}cc-zero",
        attribution=False,
    ),
    "cc-by-4.0": Licence(
        "Creative Commons Namensnennung 4.0 International (CC BY 4.0)",
        "https://creativecommons.org/licenses/by/4.0/deed.de",
        f"{_LIST}cc-by/4.0",
        attribution=True,
    ),
}
NO_LICENCE = "Es ist keine Lizenz festgelegt; wer die Daten nutzen will, fragt den Herausgeber."


@dataclass(frozen=True, slots=True)
class Terms:
    """What the settings say of a publication; "" where they say nothing.

    ``address`` ends with a slash: where the folder is reached. ``region`` is the Amtliche Regionalschlüssel, ``themes``
    codes of the EU's list (GOVE …). ``imprint``, ``accessibility`` and ``privacy`` are addresses of the city's pages.
    """

    publisher: str = ""
    contact: str = ""
    address: str = ""
    licence: LicenceName | Literal[""] = ""
    contributor: str = ""
    region: str = ""
    themes: tuple[str, ...] = ("GOVE",)
    imprint: str = ""
    accessibility: str = ""
    privacy: str = ""

    @property
    def chosen(self) -> Licence | None:
        """The licence; None where none is chosen."""
        return LICENCES.get(self.licence)

    @property
    def attribution(self) -> str:
        """Whom a user of the data has to name; "" where nobody."""
        return self.publisher if self.chosen and self.chosen.attribution else ""
