"""The property of a file follows from its pages, or a sentence says what is missing."""

import pytest

from etl.errors import LoadError
from etl.files.sites import choose_site


def test_pages_without_any_web_address_ask_for_the_property():
    with pytest.raises(LoadError, match="Keine Seite nennt eine Webadresse"):
        choose_site("a.csv", ["/leistung/hund", "???"], explicit=None, known=())
