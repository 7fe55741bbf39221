"""Every measure that a table or card shows is explained in the glossary, from the measure's own object."""

import pytest

from portalkompass.answers.data.glossary import glossary
from portalkompass.answers.pages import pages
from portalkompass.answers.queries import opportunities, queries
from portalkompass.answers.rankings import rankings
from portalkompass.answers.services import services
from portalkompass.metrics.derived_measures import GLOSSARY


def test_each_measure_is_explained_once_in_a_sentence():
    rows = glossary()
    assert rows["label"].is_unique
    assert len(rows) == len(GLOSSARY)
    assert [text for text in rows["definition"] if not text.endswith(".")] == []


@pytest.mark.parametrize(
    "module", [rankings, pages, queries, opportunities, services], ids=lambda m: m.__name__[-9:]
)
def test_a_column_of_that_name_says_what_the_glossary_says(house, module):
    known = {measure.id: measure for measure in GLOSSARY}
    fields = [
        field for exhibit in house.ask(module).exhibits for field in exhibit.fields if field.name in known
    ]
    told = [field for field in fields if field.help]
    assert told
    assert [
        f.name for f in told if f.help != known[f.name].definition and f.label == known[f.name].label
    ] == []
