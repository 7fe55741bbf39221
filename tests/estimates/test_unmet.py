import pandas as pd

from portalkompass.estimates.ctr_curve import Curve
from portalkompass.estimates.unmet import unmet

# 10 % on every place: 5 % is half of it
CURVE = Curve((1.0, 5.0), (0.1, 0.1), (0.05, 0.05), (0.2, 0.2), (1000.0, 1000.0))


def pairs(*rows):
    return pd.DataFrame(rows, columns=["clicks", "impressions", "position"])


def test_a_place_behind_the_first_page_is_unmet_whatever_it_brings():
    assert unmet(pairs((50, 100, 10.1), (50, 100, 10.0)), CURVE).tolist() == [True, False]


def test_a_good_place_with_less_than_half_of_the_usual_clicks_is_unmet():
    # 100 clicks are usual for 1,000 impressions
    assert unmet(pairs((49, 1000, 2.0), (51, 1000, 2.0)), CURVE).tolist() == [True, False]


def test_rare_pairs_are_not_judged_by_their_clicks():
    # 9 clicks expected of 90 impressions, 10 of 100
    assert unmet(pairs((0, 90, 2.0), (0, 100, 2.0)), CURVE).tolist() == [False, True]


def test_without_a_curve_only_the_place_decides():
    assert unmet(pairs((0, 1000, 2.0), (0, 1000, 12.0)), None).tolist() == [False, True]
