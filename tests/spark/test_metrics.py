"""Every case of tests/metrics once more, on Spark: the rows expected there are the same on all three engines."""

from tests.metrics import (
    test_bands,
    test_cells_and_queries,
    test_mapping,
    test_pages,
    test_services,
    test_totals,
    test_trends,
    test_unmet,
)

_MODULES = (
    test_bands,
    test_cells_and_queries,
    test_mapping,
    test_pages,
    test_services,
    test_totals,
    test_trends,
    test_unmet,
)
for _module in _MODULES:
    _area = _module.__name__.rpartition(".test_")[2]
    for _name, _case in list(vars(_module).items()):
        # The fixture ``engine`` of this folder takes the place of theirs.
        if _name.startswith("test_"):
            globals()[f"test_{_area}_{_name.removeprefix('test_')}"] = _case
