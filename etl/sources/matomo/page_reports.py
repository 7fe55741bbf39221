"""A day's report rows -> rows of ``portal_page``: one spelling per page, staff folded, the rest kept aside."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlsplit, urlunsplit

from etl.files.distinct import TOTAL, is_total
from etl.sources.folding import REMEMBERED_PAGES, fold_staff
from etl.sources.matomo.fetch import DayReports
from etl.sources.matomo.replies import ActionRow
from etl.sources.matomo.website import Website
from etl.sources.portal_files.cells import label
from etl.sources.portal_files.matomo_rules import is_remainder
from portalkompass.settings import PageKind
from portalkompass.urls import belongs_to, host_of, normalise

OVERFLOW = "Sammelzeile: Matomo hat seltene Seiten zusammengefasst, ihre Aufrufe gehören zu keiner Seite."
NO_ADDRESS = "Zeile ohne Adresse."
SUM = f"{TOTAL}."
FOREIGN = "Die Seite gehört nicht zu {site}."


@dataclass
class PageFigures:
    """Figures of one page and day; None where no report speaks of the page.

    ``unique_page_views`` is Matomo's nb_visits of a page report: visits that saw the page. Spellings of one
    page are added, so a visit that saw two of them counts twice; Matomo does not tell which those are.
    """

    unique_page_views: int | None = None
    page_views: int | None = None
    service_starts: int | None = None
    applications: int | None = None


@dataclass
class Aside:
    """Rows that are no page of the property, by (value, reason): how many rows and page views.

    The value is what helps to find the cause and can name nobody: a host, or a label that is no path.
    """

    rows: Counter[tuple[str, str]] = field(default_factory=Counter)
    views: Counter[tuple[str, str]] = field(default_factory=Counter)

    def put(self, row: ActionRow, value: str, reason: str) -> None:
        """Count a row that is not used."""
        self.rows[value, reason] += 1
        self.views[value, reason] += row.nb_hits

    def add(self, other: Aside) -> None:
        """Count the rows of another one too."""
        self.rows.update(other.rows)
        self.views.update(other.views)

    def views_for(self, reason: str) -> int:
        """Page views of all rows with this reason."""
        return sum(views for (_, why), views in self.views.items() if why == reason)


def page_namer(site: str, page_kinds: Iterable[PageKind]) -> Callable[[str], str | None]:
    """URL -> normalised page, the one name of all staff pages, or None for a page of another property."""
    kinds = tuple(page_kinds)

    @lru_cache(maxsize=REMEMBERED_PAGES)
    def name(url: str) -> str | None:
        page = normalise(label(url))
        return fold_staff(page, kinds) if belongs_to(page, site) else None

    return name


def day_pages(
    reports: DayReports,
    website: Website,
    name: Callable[[str], str | None],
    service_hosts: tuple[str, ...],
    aside: Aside,
) -> dict[str, PageFigures]:
    """Figures by page, as `page_namer` names them; rows that are no page of the property go to ``aside``."""
    pages: defaultdict[str, PageFigures] = defaultdict(PageFigures)
    for row in reports.pages:
        page = name(row.url) if row.url else None
        if page is None:
            _put_aside(row, website.site, aside)
            continue
        figures = pages[page]
        figures.unique_page_views = (figures.unique_page_views or 0) + row.nb_visits
        figures.page_views = (figures.page_views or 0) + row.nb_hits
    _add_starts(pages, reports.outlinks, service_hosts)
    for goal, conversions in reports.conversions.items():
        if conversions:
            figures = pages[website.goal_pages[goal]]
            figures.applications = (figures.applications or 0) + conversions
    return dict(pages)


def is_sum(row: ActionRow) -> bool:
    """Whether the row is the sum of the others; a page of that name has an address."""
    return not row.url and is_total(label(str(row.label)))


def _put_aside(row: ActionRow, site: str, aside: Aside) -> None:
    text = label(str(row.label))
    if row.url:
        aside.put(row, host_of(label(row.url)), FOREIGN.format(site=site))
    elif is_sum(row):
        aside.put(row, text, SUM)
    elif is_remainder(text):
        aside.put(row, "Others", OVERFLOW)
    else:
        aside.put(row, "" if "/" in text else text, NO_ADDRESS)


def _add_starts(
    pages: defaultdict[str, PageFigures], outlinks: Iterable[ActionRow], hosts: tuple[str, ...]
) -> None:
    """Visits that followed a link to an online service; they stand at the service's own address.

    Matomo does not say on which page the link was clicked. Visits, not clicks: a double click is one start.
    Links to other hosts are no starts and are left out without a word.
    """
    for row in outlinks:
        service = _service_address(label(row.url or ""), hosts)
        if service:
            figures = pages[service]
            figures.service_starts = (figures.service_starts or 0) + row.nb_visits


def _service_address(url: str, hosts: tuple[str, ...]) -> str | None:
    """Normalised address of an online service without parameters, which may name a person or a session."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    names = (name.strip().lower().removeprefix("www.") for name in hosts)
    if not any(host == name or host.endswith(f".{name}") for name in names):
        return None
    return normalise(urlunsplit((parts.scheme, parts.netloc, parts.path, "", "")))
