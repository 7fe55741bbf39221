"""Names of points on slides: beside their mark, never on each other."""

from itertools import combinations

from portalkompass.exports.slides.point_labels import frame_of, places, touch


def test_a_name_alone_stands_to_the_right_and_at_the_edge_to_the_left():
    assert places([(0.5, 0.5)], ["Wohngeld"], 800, 300) == [("right", 0)]
    assert places([(1.0, 0.5)], ["Wohngeld"], 800, 300) == [("left", 0)]


def test_names_of_points_above_each_other_take_turns():
    # marks 10 points apart, a line takes 14: the lower name has to give way to the other side
    assert places([(0.5, 0.5), (0.5, 0.5 + 10 / 300)], ["A-Dienst", "B-Dienst"], 800, 300) == [
        ("left", 0),
        ("right", 0),
    ]


def test_eight_services_in_one_columntouch_nowhere():
    heights = [0.37, 0.49, 0.55, 0.59, 0.592, 0.65, 0.67, 0.69]
    points = [(0.5, height) for height in heights]
    names = [f"Leistung mit Namen {number}" for number in range(8)]
    found = places(points, names, 800, 300)
    frames = [
        frame_of((x * 800, y * 300), name, place)
        for (x, y), name, place in zip(points, names, found, strict=True)
        if place
    ]
    assert len(frames) == 8
    assert not [pair for pair in combinations(frames, 2) if touch(*pair)]


def test_a_name_without_room_and_an_empty_one_have_no_side():
    assert places([(0.5, 0.5)], ["x" * 400], 800, 300) == [None]
    assert places([(0.5, 0.5)], [""], 800, 300) == [None]
