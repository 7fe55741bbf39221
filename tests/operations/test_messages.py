"""Mail and webhook reach a real server over TLS; what fails is one sentence without address or secret."""

from __future__ import annotations

import base64
import datetime as dt
import ssl
from email.message import EmailMessage
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from portalkompass.operations import messages
from portalkompass.operations.messages import SendingError, post, send_mail
from portalkompass.settings import Notify
from tests.etl.sources.search_console.tls_front import tls_front
from tests.receivers import Hook, Mail, listening, serving

SECRET = "geheim-7f3a"


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "_FIRST_PAUSE", 0.01)


def a_mail(to: str = "team@stadt.example") -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "Woche", "kompass@stadt.example", to
    message.set_content("Klicks 70")
    return message


def server(port: int, **changes: object) -> Notify:
    plain = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none"}
    return Notify.model_validate(plain | changes)


def sentence(notify: Notify) -> str:
    with pytest.raises(SendingError) as fault:
        send_mail(notify, a_mail())
    return str(fault.value)


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate of this machine, as a file to trust, and what a server shows it with."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]),
    )
    now = dt.datetime.now(dt.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "localhost.pem"
    pem.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    secret = tmp_path / "key.pem"
    plain = serialization.NoEncryption()
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, secret)
    return pem, context


def test_a_password_goes_over_tls_to_a_trusted_server_only(
    certificate: tuple[Path, ssl.SSLContext], tmp_path: Path
) -> None:
    pem, context = certificate
    (tmp_path / "kennwort.txt").write_text(f"{SECRET}\n", encoding="utf-8")
    account = {"smtp_user": "kompass", "smtp_password_file": str(tmp_path / "kennwort.txt")}
    with listening(Mail) as (port, mails), tls_front(port, context) as tls:
        safe = server(tls, smtp_host="localhost", smtp_security="tls", **account)
        assert "Zertifikat wird nicht vertraut" in sentence(safe)
        assert mails == []
        assert send_mail(safe.model_copy(update={"ca_file": str(pem)}), a_mail()) == 0
    assert "Klicks 70" in mails[0]


def test_a_server_without_tls_gets_nothing(tmp_path: Path) -> None:
    with serving(Mail) as mail:
        told = sentence(server(mail.server_address[1], smtp_security="starttls"))
        assert "bietet die verlangte Verschlüsselung oder Anmeldung nicht an" in told
        assert not [line for line in mail.asked if line.startswith(b"MAIL")]
    assert "Ohne Verschlüsselung" in sentence(server(25, smtp_host="mail.stadt.example"))
    assert "smtp_password_file" in sentence(
        server(25, smtp_user="x", smtp_password_file=str(tmp_path / SECRET))
    )


def test_what_passes_is_tried_again_and_what_is_refused_is_not() -> None:
    with serving(Mail, {b"MAIL": [b"451 later", b"451 later"]}) as mail:
        assert send_mail(server(mail.server_address[1]), a_mail()) == 0
        assert len(mail.received) == 1
    with serving(Mail, {b"MAIL": [b"550 no"] * 9}) as mail:
        assert "antwortet mit 550" in sentence(server(mail.server_address[1]))
        assert len([line for line in mail.asked if line.startswith(b"mail")]) == 1


def test_refused_recipients_are_counted_and_all_of_them_are_a_fault() -> None:
    with serving(Mail, {b"RCPT": [b"550 unknown"]}) as mail:
        assert send_mail(server(mail.server_address[1]), a_mail("weg@stadt.example, da@stadt.example")) == 1
        assert len(mail.received) == 1
    with serving(Mail, {b"RCPT": [b"550 unknown"]}) as mail:
        assert "nimmt keine der Adressen an" in sentence(server(mail.server_address[1]))


def test_a_password_that_an_editor_of_windows_saved_is_the_same_password(tmp_path: Path) -> None:
    (tmp_path / "kennwort.txt").write_bytes(f"{SECRET}\r\n".encode("utf-8-sig"))
    with serving(Mail) as mail:
        account = {"smtp_user": "kompass", "smtp_password_file": str(tmp_path / "kennwort.txt")}
        assert send_mail(server(mail.server_address[1], **account), a_mail()) == 0
        told = next(line.split()[-1] for line in mail.asked if line.startswith(b"AUTH"))
    assert base64.b64decode(told).decode() == f"\0kompass\0{SECRET}"


def test_a_wrong_password_is_said_without_it(tmp_path: Path) -> None:
    (tmp_path / "kennwort.txt").write_text(SECRET, encoding="utf-8")
    with serving(Mail, {b"AUTH": [b"535 no"] * 9}) as mail:
        account = {"smtp_user": "kompass", "smtp_password_file": str(tmp_path / "kennwort.txt")}
        told = sentence(server(mail.server_address[1], **account))
    assert "Konto oder Kennwort" in told
    assert SECRET not in told


@pytest.mark.parametrize(
    ("path", "tries", "words"),
    [
        ("/", 1, ""),
        ("/busy", 2, ""),
        ("/broken", 3, "mit 500"),
        ("/no", 1, "mit 403"),
        ("/away", 1, "mit 302"),
    ],
)
def test_a_webhook_is_tried_again_while_that_can_help(path: str, tries: int, words: str) -> None:
    with listening(Hook) as (port, posts):
        address = f"http://127.0.0.1:{port}{path}"
        if words:
            with pytest.raises(SendingError, match=words) as fault:
                post(address, {"text": "Woche"})
            assert str(port) not in str(fault.value)
        else:
            post(address, {"text": "Woche"})
    assert posts == [{"text": "Woche"}] * tries


@pytest.mark.parametrize(
    "address", ["http://chat.example/geheim-7f3a", "ftp://x/geheim-7f3a", "http://[geheim-7f3a"]
)
def test_a_webhook_without_tls_is_refused_unsaid(address: str) -> None:
    with pytest.raises(SendingError) as fault:
        post(address, {"text": "Woche"})
    assert str(fault.value) == "Der Webhook braucht eine Adresse mit https."


def test_a_server_that_is_not_there_is_one_sentence() -> None:
    assert sentence(server(1)) == (
        "Die E-Mail ließ sich nicht senden: der Mailserver ist nicht erreichbar oder bricht die Verbindung ab."
    )
