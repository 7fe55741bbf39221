"""``digest`` sends each week and each alert once by every way; without a setting nothing leaves the machine."""

import datetime as dt
import email
import email.policy
import json

import pytest

from etl.store.publish import draft
from portalkompass import workspace
from portalkompass.commands.digest import digest
from portalkompass.commands.opening import NoData
from portalkompass.operations import messages
from portalkompass.settings import load_settings
from tests.commands.conftest import run
from tests.receivers import Hook, Mail, serving
from tests.warehouse_fixture import SITE, publish, settings_for

MONDAY = dt.date(2025, 12, 8)
ALERT = {"name": "Zu wenig", "rule": "below", "threshold": 71}
SECOND = {"name": "Zu viel", "rule": "above", "threshold": 69}


class City:
    """A city with a mail server and a chat, its data and what was printed."""

    def __init__(self, folder, monkeypatch, capfdbinary, mail, hook):
        self.folder, self.monkeypatch, self.capture = folder, monkeypatch, capfdbinary
        self.mail, self.hook = mail, hook
        self.set(DATA_DIR=str(folder), TODAY="2025-12-17")
        self.server(mail.server_address[1])

    def set(self, **variables):
        for name, value in variables.items():
            self.monkeypatch.setenv(f"PORTALKOMPASS_{name}", value)

    def server(self, port):
        notify = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(port), "SMTP_SECURITY": "none"}
        self.set(**{f"OPERATIONS__NOTIFY__{name}": value for name, value in notify.items()})

    def recipients(self, *ways, path="/"):
        if "mail" in ways:
            self.set(DIGEST__MAIL_TO='["team@stadt.example"]')
        if "webhook" in ways:
            self.set(DIGEST__WEBHOOK=f"http://127.0.0.1:{self.hook.server_address[1]}{path}")

    def alerts(self, *alerts):
        self.set(DIGEST__ALERTS=json.dumps(alerts))

    def digest(self, **options):
        """What the command prints; stderr behind it."""
        load_settings.cache_clear()
        self.capture.readouterr()
        digest(**({"dry_run": False, "eml": None, "site": "", "demo": False} | options))
        told = self.capture.readouterr()
        return told.out.decode(), told.err.decode()

    def noted(self, way):
        opened = workspace.workspace_of(settings_for(self.folder))
        return workspace.delivered(opened, SITE, MONDAY, way)


@pytest.fixture
def city(tmp_path, monkeypatch, capfdbinary):
    publish(settings_for(tmp_path))
    monkeypatch.setattr(messages, "_FIRST_PAUSE", 0.01)
    with serving(Mail) as mail, serving(Hook) as hook:
        yield City(tmp_path, monkeypatch, capfdbinary, mail, hook)
    load_settings.cache_clear()


def test_without_a_recipient_it_is_printed_and_nothing_leaves(city):
    out, err = city.digest()
    assert out.startswith("Betreff: Wochenbericht 08.12.2025 bis 14.12.2025\n")
    assert "Klicks 70 und damit unverändert" in out
    assert err == (
        "Es wurde nichts gesendet: Empfänger stehen in den Einstellungen unter digest.mail_to und digest.webhook.\n"
    )
    assert (city.mail.asked, city.hook.received, city.noted("mail")) == ([], [], frozenset())


def test_a_dry_run_shows_everything_and_leaves_nothing(city):
    city.recipients("mail", "webhook")
    city.alerts(ALERT)
    out, _ = city.digest(dry_run=True)
    assert out.startswith("E-Mail an team@stadt.example (Probelauf, es wird nichts gesendet):")
    assert "Zu wenig: Klicks 70" in out
    assert "Webhook an den eingerichteten Chat (Probelauf" in out
    assert str(city.hook.server_address[1]) not in out  # the address of a webhook is a secret
    assert (city.mail.asked, city.hook.received) == ([], [])
    assert city.noted("mail") | city.noted("webhook") == frozenset()


def test_each_week_and_each_alert_goes_out_once_by_every_way(city):
    city.recipients("mail", "webhook")
    city.alerts(ALERT)
    out, _ = city.digest()
    assert out == "E-Mail: gesendet an team@stadt.example.\nWebhook: gesendet an den eingerichteten Chat.\n"
    (raw,) = city.mail.received
    mail = email.message_from_string(raw, policy=email.policy.default)
    assert mail["Subject"] == "Wochenbericht 08.12.2025 bis 14.12.2025"
    assert "Zu wenig: Klicks 70" in mail.get_body(("plain",)).get_content()
    assert [part.get_content_type() for part in mail.walk()].count("image/png") == 1
    (post,) = city.hook.received
    assert list(post) == ["text"]
    assert "- Zu wenig: Klicks 70" in post["text"]
    assert city.noted("mail") == city.noted("webhook") == {"digest", "alert Zu wenig"}

    again, _ = city.digest()
    assert again.splitlines() == [
        f"{way}: Der Bericht der Woche ab 08.12.2025 ist schon gesendet." for way in ("E-Mail", "Webhook")
    ]
    assert (len(city.mail.received), len(city.hook.received)) == (1, 1)

    city.alerts(ALERT, SECOND)  # an alert that comes up later is told alone
    city.digest()
    late = email.message_from_string(city.mail.received[1], policy=email.policy.default)
    text = late.get_body(("plain",)).get_content()
    assert late["Subject"] == "Alarme der Woche 08.12.2025 bis 14.12.2025"
    assert "Zu viel: Klicks 70" in text
    assert "Zu wenig" not in text
    city.digest()
    assert (len(city.mail.received), len(city.hook.received)) == (2, 2)


def test_each_property_has_its_own_digest(city):
    other = "https://zweites.stadt.example/"
    with draft(settings_for(city.folder)) as connection:
        for table in ("search_site_day", "ingest_ledger"):
            columns = f"* REPLACE ('{other}' AS site)"
            connection.execute(f"INSERT INTO {table} SELECT {columns} FROM {table} WHERE site = '{SITE}'")
    city.recipients("mail")
    city.digest(site=other)
    (raw,) = city.mail.received
    text = email.message_from_string(raw, policy=email.policy.default).get_body(("plain",)).get_content()
    assert other in text
    assert SITE not in text
    assert city.noted("mail") == frozenset()
    city.digest()
    assert (
        SITE
        in email.message_from_string(city.mail.received[1], policy=email.policy.default)
        .get_body(("plain",))
        .get_content()
    )
    out, _ = city.digest(site=other)
    assert out == "E-Mail: Der Bericht der Woche ab 08.12.2025 ist schon gesendet.\n"
    with pytest.raises(NoData, match=r"„https://fremd\.example/“ ist nicht geladen\. Möglich: "):
        city.digest(site="https://fremd.example/")


def test_a_way_that_fails_is_said_not_noted_and_made_up_for(city):
    city.recipients("mail", "webhook")
    city.server(1)
    with pytest.raises(
        NoData, match=r"Die E-Mail ließ sich nicht senden: der Mailserver ist nicht erreichbar"
    ):
        city.digest()
    assert (city.noted("mail"), city.noted("webhook")) == (frozenset(), {"digest"})
    city.server(city.mail.server_address[1])
    out, _ = city.digest()
    assert out.startswith("E-Mail: gesendet an team@stadt.example.\nWebhook: Der Bericht der Woche")
    assert (len(city.mail.received), len(city.hook.received)) == (1, 1)


def test_refused_addresses_are_said_and_the_others_get_it_once(city):
    city.set(DIGEST__MAIL_TO='["weg@stadt.example", "da@stadt.example"]')
    city.mail.answers[b"RCPT"] = [b"550 unknown"]
    with pytest.raises(NoData, match="Der Mailserver hat 1\u00a0Adresse abgelehnt"):
        city.digest()
    assert city.noted("mail") == {"digest"}


def test_sample_data_are_sent_to_nobody(city):
    city.recipients("mail", "webhook")
    publish(settings_for(city.folder / "demo"))
    _, err = city.digest(demo=True)
    assert err == "Beispieldaten werden nicht gesendet.\n"
    assert (city.mail.asked, city.hook.received) == ([], [])


def test_the_mail_can_be_written_to_a_file(city):
    city.digest(eml=city.folder / "woche.eml")
    mail = email.message_from_bytes((city.folder / "woche.eml").read_bytes(), policy=email.policy.default)
    assert "Klicks 70" in mail.get_body(("plain",)).get_content()
    assert city.noted("mail") == frozenset()


def test_a_fault_leaves_with_1_and_one_sentence(folder):
    refused = {
        "PORTALKOMPASS_DIGEST__WEBHOOK": "http://chat.example/geheim-7f3a",
        "PORTALKOMPASS_TODAY": "2025-12-17",
    }
    done = run(folder, "digest", **refused)
    assert (done.returncode, done.stderr) == (1, "Der Webhook braucht eine Adresse mit https.\n")
    assert "geheim-7f3a" not in done.stdout
