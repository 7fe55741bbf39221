from portalkompass.charts.sparkline import sparkline


def test_the_values_keep_their_order_and_the_last_one_is_marked():
    specification = sparkline((3.0, 1.0, 2.0))
    (rows,) = specification["datasets"].values()
    assert [row["value"] for row in rows] == [3.0, 1.0, 2.0]
    _, dot = specification["layer"]
    assert dot["transform"] == [{"filter": "(datum.step === 2)"}]


def test_marks_are_hidden_from_screen_readers_since_the_card_has_one_text():
    assert [layer["mark"]["aria"] for layer in sparkline((1.0, 2.0))["layer"]] == [False, False]
