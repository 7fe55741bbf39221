"""The address behind a deck's shapes, and what is refused of it."""

import pytest

from portalkompass.exports.slides.living.opening import NotLiving
from portalkompass.screens.living_deck import address_of, report_of


def test_only_what_was_given_stands_in_the_address():
    assert address_of({"von": None, "stand": ""}) == "bericht"
    assert (
        address_of({"zeitraum": "12-monate", "stand": "2025-12-15"})
        == "bericht?zeitraum=12-monate&stand=2025-12-15"
    )


def test_other_screens_and_days_that_do_not_exist_are_refused():
    for named, why in (
        ("seiten?von=2025-01-01", "nur dieser"),
        ("bericht?stand=2025-13-41", "einen Tag, den es nicht"),
    ):
        with pytest.raises(NotLiving, match=why):
            report_of(named, None, None, lambda filters: None)
