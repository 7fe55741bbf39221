"""The digest as a browser shows it: nothing of a title runs, it fits a phone, and axe finds nothing."""

import base64
import datetime as dt

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe

from portalkompass.exhibit import Field
from portalkompass.exports import files
from portalkompass.slide_set import SlideSet, Words
from tests.charts import sample_exhibits as samples
from tests.hostile.texts import MARKUP, WITNESS

pytestmark = pytest.mark.browser


def table(names):
    frame = pd.DataFrame({"name": names, **{f"n{place}": [1234567] * len(names) for place in range(4)}})
    figures = (Field(f"n{place}", f"Klicks 08.12.2025 bis 14.12.202{place}", "integer") for place in range(4))
    return samples.exhibit("table", frame, (Field("name", "Leistung"), *figures))


@pytest.mark.parametrize("width", [390, 760])
def test_a_letter_fits_is_accessible_and_runs_nothing(page, width):
    names = ["Ausnahmegenehmigungen im Straßenverkehr und Parkausweise", *MARKUP]
    alerts = Words("alerts", "2 Alarme", tuple(MARKUP[:2]), "Google", dt.date(2025, 12, 15))
    made = files.letter(
        SlideSet("Wochenbericht", ("Stadt",), (alerts, samples.trend(), table(names)), None), ""
    )
    picture = base64.b64encode(made.picture).decode()
    page.set_viewport_size({"width": width, "height": 900})
    page.set_content(made.html.replace("cid:verlauf", f"data:image/png;base64,{picture}"))
    assert page.evaluate(f"window.{WITNESS}") is None
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.locator("img").evaluate("image => image.naturalWidth") > 1000
    assert [fault["id"] for fault in Axe().run(page).response["violations"]] == []
