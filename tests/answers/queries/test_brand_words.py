"""Suchanfragen proposes what else may be the city's name, and counts it once the setting holds it."""

import dataclasses

from portalkompass.answers.queries import queries
from tests.answers.conftest import OCTOBER, exhibit

PROPOSED = (
    "UPDATE search_query_day SET query = CASE query WHEN 'hund anmelden' THEN 'leverkusen hund' "
    "ELSE 'kennzeichen levrkusn' END",
    "DELETE FROM search_query_month",
)


def test_a_similar_word_is_proposed_until_the_setting_holds_it(changed_house):
    house = changed_house(*PROPOSED)
    answer = house.ask(queries, **OCTOBER)
    # 4 of 40 a day against 2 of 30 with the name: clicked at least half as often
    proposed = exhibit(answer, "brand_words")
    assert proposed.frame[["word", "kind", "queries", "clicks", "impressions"]].values.tolist() == [
        ["levrkusn", "ähnliche Schreibweise", 1, 124, 1240]
    ]
    assert proposed.names_queries
    assert proposed.headline == (
        "1\u00a0Wort meint vermutlich die Stadt und zählt noch nicht als Stadtname: „levrkusn“ mit 124\u00a0Klicks"
    )
    groups = exhibit(answer, "query_groups").frame
    assert groups[["group", "clicks"]].values.tolist() == [["mit Stadtnamen", 62], ["ohne Stadtnamen", 124]]

    city = house.settings.city.model_copy(update={"also_called": ("Levrkusn",)})
    settled = dataclasses.replace(house, settings=house.settings.model_copy(update={"city": city}))
    answer = settled.ask(queries, **OCTOBER)
    assert "brand_words" not in {one.id for one in answer.exhibits}
    assert exhibit(answer, "query_groups").frame[["group", "clicks"]].values.tolist() == [
        ["mit Stadtnamen", 186]
    ]
