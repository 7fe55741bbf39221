from portalkompass.prioritisation import load_criteria
from portalkompass.settings import SHIPPED_DATA
from portalkompass.ui.workshop.weights import ends


def test_a_step_is_said_from_the_worst_to_the_best_value():
    steps = {one.id: ends(one) for one in load_criteria(SHIPPED_DATA / "criteria.toml").criteria}
    assert steps["clicks"] == "von 100 zu 20.000 Klicks"
    assert steps["relative_trend"].replace("\xa0", " ") == (
        "von −50,0 % zu +50,0 % Wachstum der Klicks gegenüber dem Portal"
    )
    assert steps["efa_step"] == "von „keine nachnutzbare Lösung bekannt“ zu „in Betrieb“"
    months = next(one for one in load_criteria(SHIPPED_DATA / "criteria.toml").criteria if one.id == "clicks")
    measured = months.model_copy(update={"window": "Dez. 2024 bis Nov. 2025"})
    assert ends(measured) == "von 100 zu 20.000 Klicks, Dez. 2024 bis Nov. 2025"
    # less is better: the worst step stands first
    assert steps["effort"] == "von „über ein Jahr, Beschaffung nötig“ zu „wenige Tage, vorhandene Mittel“"
