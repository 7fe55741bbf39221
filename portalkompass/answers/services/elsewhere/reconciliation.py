"""The federal dashboard's counts beside the city's own, and why they can differ; neither is changed.

Compared are transactions of the dashboard and online applications of the departments, in months of a service that both
know and of which the own count may be told.
"""

from __future__ import annotations

import pandas as pd

from portalkompass import german
from portalkompass.answers.base.periods import months_within
from portalkompass.answers.base.question import Question
from portalkompass.answers.base.service_list import own
from portalkompass.answers.services.case_rows import cells_of_period
from portalkompass.exhibit import Exhibit, Field
from portalkompass.schema import DASHBOARD_USAGE

SOURCE = "Dashboard des Bundes; Fallzahlen der Fachbereiche"
ONLY_THERE, HIDDEN, EQUAL, MORE, LESS = (
    "nur im Dashboard",
    "eigene Zahl verdeckt (unter 5 oder geheim)",
    "gleich",
    "Dashboard zählt mehr",
    "Dashboard zählt weniger",
)
REASONS = (
    "Mehr im Dashboard: Es zählt auch Dienste von Land und Bund, die der Fachbereich nicht sieht, Testläufe und "
    "doppelt gesendete Anträge.",
    "Weniger im Dashboard: Der Dienst meldet nicht oder meldet nach; eine Leistung mit mehreren Schlüsseln ist nur mit "
    "einem davon zugeordnet; der Fachbereich zählt Anträge mit, die als Datei oder Mail kamen.",
    "Beides: Das Dashboard zählt den Tag des Sendens, der Fachbereich den des Eingangs. Keine Zahl wird angepasst.",
)


def pairs(question: Question) -> pd.DataFrame:
    """service, month, transactions, own (online applications; missing where unknown or not to be told), state in words.

    One row a service and whole month of the period that the dashboard knows; empty where nothing is loaded.
    """
    if not question.warehouse.holds(DASHBOARD_USAGE.name):
        return pd.DataFrame()
    rows = question.warehouse.ask(lambda t: own(t, DASHBOARD_USAGE.name, question.settings))
    rows = rows.assign(month=pd.to_datetime(rows["month"]))[["service", "month", "transactions"]]
    rows = rows[rows["month"].isin(months_within(question.now, None))]
    if rows.empty:
        return rows
    cells = cells_of_period(question)
    names = ["service", "month", "applications", "applications_state"]
    online = cells[cells["channel"] == "online"][names] if len(cells) else pd.DataFrame(columns=names)
    both = rows.astype({"transactions": "float64"}).merge(
        online.astype({"month": "datetime64[ns]"}), on=["service", "month"], how="left"
    )
    counts = both["applications"].astype("float64")
    known = counts.notna()
    open_ = known & (both["applications_state"] == "shown")
    both["own"] = counts.where(open_)
    difference = both["transactions"] - both["own"]
    both["difference"] = difference
    both["state"] = EQUAL
    both["state"] = both["state"].mask(difference > 0, MORE).mask(difference < 0, LESS)
    both["state"] = both["state"].mask(known & ~open_, HIDDEN).mask(~known, ONLY_THERE)
    return both.sort_values(["service", "month"], ignore_index=True)


def reconciliation(question: Question, listed: pd.DataFrame) -> Exhibit | None:
    """Both counts of every service over the months that both tell, the largest difference first; None without any.

    ``listed`` has service and name.
    """
    rows = pairs(question)
    if rows.empty:
        return None
    told = rows["difference"].notna()
    sums = rows[told].groupby("service")[["transactions", "own", "difference"]].sum()
    months = rows.groupby("service").agg(months=("month", "size"))
    months["compared"] = rows[told].groupby("service").size()
    found = months.join(sums).reset_index().merge(listed[["service", "name"]], on="service")
    if found.empty:
        return None
    found["compared"] = found["compared"].fillna(0.0)
    difference = found["difference"].astype("float64")
    why = pd.Series(EQUAL, index=found.index).mask(difference > 0, MORE).mask(difference < 0, LESS)
    found["why"] = why.mask(difference.isna(), "kein gemeinsamer Monat")
    order = found["difference"].abs().sort_values(ascending=False, na_position="last", kind="stable").index
    found = found.loc[order]
    differing = int((found["difference"].fillna(0.0) != 0).sum())
    compared = int((found["compared"] > 0).sum())
    headline = (
        f"Bei {german.number(differing)} von {german.count(compared, 'Leistung', 'Leistungen')} weicht das Dashboard "
        "des Bundes von den eigenen Zahlen ab"
        if compared
        else "Das Dashboard des Bundes und die eigenen Zahlen haben keinen Monat gemeinsam"
    )
    return question.table(
        "dashboard_reconciliation",
        found,
        (
            Field("name", "Leistung"),
            Field("transactions", "Dashboard", "integer"),
            Field("own", "Eigene Online-Anträge", "integer"),
            Field("difference", "Unterschied", "signed_integer"),
            Field("why", "Befund"),
            Field("compared", "Monate verglichen", "integer"),
            Field("months", "Monate im Dashboard", "integer"),
        ),
        headline=headline,
        subtitle=f"Dashboard des Bundes neben eigenen Anträgen · {question.period}",
        alt="Tabelle der Zahlen des Dashboards neben den eigenen.",
        source=SOURCE,
        data_date=(rows["month"].max() + pd.offsets.MonthEnd(0)).date(),
        notes=(
            "Verglichen werden nur Monate, die beide nennen und deren eigene Zahl ausgewiesen werden darf.",
            *REASONS,
        ),
    )


def service_reconciliation(question: Question, service: str, name: str) -> Exhibit | None:
    """Both counts of one service by month, the newest first; None where the dashboard does not know it."""
    rows = pairs(question)
    if not rows.empty:
        rows = rows[rows["service"] == service].sort_values("month", ascending=False)
    if rows.empty:
        return None
    told = rows["difference"].notna()
    ours, theirs = rows.loc[told, "own"].sum(), rows.loc[told, "transactions"].sum()
    months = german.count(told.sum(), "vergleichbaren Monat", "vergleichbaren Monaten")
    headline = (
        f"Dashboard des Bundes zu „{name}“: {german.number(theirs)}, eigene Online-Anträge: {german.number(ours)} "
        f"(in {months})"
        if told.any()
        else f"Zu „{name}“ nennt das Dashboard des Bundes Zahlen, die sich nicht vergleichen lassen"
    )
    return question.table(
        "service_reconciliation",
        rows,
        (
            Field("month", "Monat", "month"),
            Field("transactions", "Dashboard", "integer"),
            Field("own", "Eigene Online-Anträge", "integer"),
            Field("difference", "Unterschied", "signed_integer"),
            Field("state", "Befund"),
        ),
        headline=headline,
        subtitle=f"Dashboard des Bundes neben eigenen Anträgen · „{name}“ · {question.period}",
        alt=f"Tabelle der Zahlen des Dashboards zu „{name}“ neben den eigenen.",
        source=SOURCE,
        data_date=(rows["month"].max() + pd.offsets.MonthEnd(0)).date(),
        notes=REASONS,
    )
