"""One module a question; each has ``answer(warehouse, workspace, filters, settings) -> Answer``.

Modules and the exhibits they answer with, in this order (an exhibit without rows is left out and its
``next_steps`` say what to load):

* ``overview``        position_by_month (line), top_pages (bar), service_status (bar)
* ``rankings``        position_trend, clicks_trend, impressions_trend (line), bands_queries,
                      bands_impressions, bands_pages (stacked_area), devices, countries_abroad (bar),
                      countries (table)
* ``pages``           top_pages (bar), page_table (table), new_pages, vanished_pages (table)
* ``services``        service_table (table), service_demand (bar), coverage (bar)
* ``mapping_board``   mapping_coverage, unmapped_pages, unmapped_queries, mapping_conflicts, dead_links (table);
                      mapping_proposals, mapping_choices (material of the dialogue, not shown as such)
* ``prioritisation``  ranking_startable, ranking_waiting, ranking_unclear (table; ``options["lane"]`` is the lane's
                      name), ranking_overall (table), contributions (stacked_bar), rank_ranges (dots),
                      off_list, criteria (table); takes the further keywords
                      ``scenario: str | None = None`` and ``weights: Mapping[str, float] | None = None``
                      (criterion id -> weight, from the sliders)
* ``data_state``      sources, gaps, runs, rejected (table); works without any data, too

Filters start from ``default_filters``; a Warehouse comes from ``portalkompass.warehouse.open_published``.
Trend frames carry the columns ``bucket``, measure, ``series`` ("Aktuell", "Vorjahr" or "Zeitraum davor"),
``partial``, ``provisional``.
"""

from portalkompass.answers.base.answer import Answer, Compare, Figure, Filters, Grain
from portalkompass.answers.base.periods import default_filters

__all__ = ["Answer", "Compare", "Figure", "Filters", "Grain", "default_filters"]
