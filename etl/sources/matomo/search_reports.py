"""A day's reports on the portal's own search -> rows of ``portal_search``."""

from __future__ import annotations

from collections import Counter

from etl.sources.matomo.fetch import DayReports
from etl.sources.matomo.page_reports import is_sum
from etl.sources.portal_files.cells import label
from etl.sources.portal_files.matomo_rules import is_remainder
from etl.sources.portal_files.search_words import search_word
from portalkompass.schema import ALL_SEARCHES, NO_RESULT


def day_searches(reports: DayReports) -> dict[tuple[str, str], int]:
    """Visits that searched, by report and word; spellings of one word are summed.

    Matomo's report of searches without a result repeats all searches for a word that found nothing at least once.
    Rows that put rare words together, and sums, are no words and are left out.
    """
    searches: Counter[tuple[str, str]] = Counter()
    for report, rows in ((ALL_SEARCHES, reports.searches), (NO_RESULT, reports.unfound)):
        for row in rows:
            text = label(str(row.label))
            word = "" if is_sum(row) or is_remainder(text) else search_word(text)
            if word and row.nb_visits:
                searches[report, word] += row.nb_visits
    return dict(searches)
