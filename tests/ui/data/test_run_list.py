"""What *Daten* says of a load that is under way."""

import datetime as dt

from portalkompass.settings import load_settings
from portalkompass.warehouse import waiting
from tests.warehouse_fixture import publish

PAUSE = "Kontingent erschöpft, weiter um 14:32 (Pause 1 von 4)"


def test_a_load_that_waits_is_said_until_it_goes_on(screen):
    settings = load_settings()
    publish(settings)
    later = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=15)
    waiting.note(settings.warehouse_dir, PAUSE, later)
    told = f"Ein Ladevorgang wartet: {PAUSE}."
    assert told in [one.value.replace("\\", "").replace("\u2060", "") for one in screen("data/data.py").info]
    waiting.over(settings.warehouse_dir)
    assert told not in [
        one.value.replace("\\", "").replace("\u2060", "") for one in screen("data/data.py").info
    ]
