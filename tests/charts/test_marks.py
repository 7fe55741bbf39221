import datetime as dt

from portalkompass.charts import marks
from portalkompass.exhibit import Mark

FIRST, LAST = dt.date(2025, 1, 1), dt.date(2025, 12, 31)


def test_marks_outside_the_period_are_left_out_and_spans_are_clipped():
    placed = marks.place(
        (
            Mark(dt.date(2024, 12, 31), "davor", "s"),
            Mark(dt.date(2024, 6, 1), "lang", "s", dt.date(2026, 4, 27)),
        ),
        FIRST,
        LAST,
    )
    assert [(mark.label, mark.start, mark.end) for mark in placed] == [("lang", FIRST, LAST)]


def test_labels_that_would_collide_get_rows_of_their_own():
    placed = marks.place(
        (
            Mark(dt.date(2025, 1, 20), "Ein langes Ereignis", "s"),
            Mark(dt.date(2025, 1, 28), "Gleich danach", "s"),
            Mark(dt.date(2025, 8, 1), "Viel später", "s"),
        ),
        FIRST,
        LAST,
    )
    assert [(mark.label, mark.row) for mark in placed] == [
        ("Ein langes Ereignis", 0),
        ("Gleich danach", 1),
        ("Viel später", 0),
    ]


def test_a_label_goes_to_the_side_where_no_other_rule_cuts_it():
    placed = marks.place(
        (
            Mark(dt.date(2025, 6, 1), "Ein langes Ereignis", "s"),
            Mark(dt.date(2025, 6, 20), "Gleich danach", "s"),
        ),
        FIRST,
        LAST,
    )
    assert [(mark.row, mark.leftwards) for mark in placed] == [(0, True), (0, False)]


def test_two_layers_draw_all_labels_and_rules_from_pixels_in_the_rows():
    placed = marks.place(
        (Mark(dt.date(2025, 1, 20), "Ein langes Ereignis", "s"), Mark(dt.date(2025, 1, 28), "Danach", "s")),
        FIRST,
        LAST,
    )
    behind, (rules, texts), frames = marks.layers(placed)
    assert behind == []
    assert frames[marks.MARKS][["level", "top"]].to_numpy().tolist() == [
        [-10, -16],
        [-26, -32],
    ]
    encoding = rules.to_dict(context={"top_level": False})["encoding"]
    assert (encoding["y"]["scale"], encoding["y2"]["value"]) == (None, "height")
    assert texts.to_dict(context={"top_level": False})["mark"]["align"] == {
        "expr": "datum.leftwards ? 'right' : 'left'"
    }


def test_labels_near_the_right_edge_are_written_leftwards():
    placed = marks.place((Mark(dt.date(2025, 12, 20), "Umstellung bei Google", "s"),), FIRST, LAST)
    assert placed[0].leftwards is True


def test_very_long_labels_are_cut_with_an_ellipsis():
    placed = marks.place((Mark(dt.date(2025, 2, 1), "x" * 60, "s"),), FIRST, LAST)
    assert placed[0].label == "x" * 42 + " …"
