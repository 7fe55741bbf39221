from portalkompass.prioritisation import load_criteria
from portalkompass.prioritisation.pairwise import Weighing
from portalkompass.settings import SHIPPED_DATA
from portalkompass.ui.workshop.pairwise_panel import consistency_told, points
from portalkompass.ui.workshop.weights import ends


def test_a_step_is_said_from_the_worst_to_the_best_value():
    steps = {one.id: ends(one) for one in load_criteria(SHIPPED_DATA / "criteria.toml").criteria}
    assert steps["clicks"] == "von 100 zu 20.000 Klicks"
    assert steps["relative_trend"].replace("\xa0", " ") == ("von −50,0 % zu +50,0 %")
    assert steps["efa_step"] == "von „keine nachnutzbare Lösung bekannt“ zu „in Betrieb“"
    months = next(one for one in load_criteria(SHIPPED_DATA / "criteria.toml").criteria if one.id == "clicks")
    measured = months.model_copy(update={"window": "Dez. 2024 bis Nov. 2025"})
    assert ends(measured) == "von 100 zu 20.000 Klicks, Dez. 2024 bis Nov. 2025"
    # less is better: the worst step stands first
    assert steps["effort"] == "von „über ein Jahr, Beschaffung nötig“ zu „wenige Tage, vorhandene Mittel“"


def test_weights_become_positions_of_the_sliders_and_agreement_a_sentence():
    found = Weighing({"a": 0.5, "b": 0.25, "c": 0.26}, {}, {}, 0.75)
    assert points(found) == {"a": 100, "b": 50, "c": 50}
    assert (
        consistency_told(found, 12).replace("\xa0", " ") == "9 von 12 Antworten passen zu diesen Gewichten."
    )
