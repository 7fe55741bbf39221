"""The own key is its owner's alone, and the list of others says whose a key is."""

import os
import stat

import pytest

from portalkompass.exchange.benchmark_file import BenchmarkFault, city
from portalkompass.exchange.keys import (
    TRUSTED,
    TrustedKey,
    fingerprint,
    own_key,
    own_key_file,
    public,
    same_fingerprint,
    trust,
    trusted,
)
from portalkompass.operations.places import data_files


def test_the_own_key_is_made_once_for_its_owner_alone_and_is_no_file_of_a_backup(settings):
    first = own_key(settings)
    path = own_key_file(settings)
    assert public(own_key(settings)) == public(first)
    assert [one.name for one in path.parent.iterdir()] == ["benchmark_key.pem"]
    assert path not in data_files(settings)
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        path.chmod(0o640)
        with pytest.raises(BenchmarkFault, match="dürfen auch andere lesen"):
            own_key(settings)


@pytest.mark.parametrize("content", ["", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_damaged_key_is_a_sentence_and_is_not_replaced(settings, content):
    own_key(settings)
    own_key_file(settings).write_text(content)
    with pytest.raises(BenchmarkFault, match="enthält keinen privaten Schlüssel"):
        own_key(settings)
    assert own_key_file(settings).read_text() == content


def test_the_fingerprint_is_eight_groups_and_forgives_blanks_and_capitals():
    # SHA-256 of 32 zero bytes, by coreutils
    x = "A" * 43
    assert fingerprint(x) == "6668 7aad f862 bd77 6c8f c18b 8e9f 8e20"
    assert same_fingerprint(" 66687AAD f862bd77 6c8fc18b8e9f8e20", x)
    assert not same_fingerprint("66687aad", x)


def test_a_citys_name_holds_no_sign_that_a_terminal_or_a_table_obeys():
    assert city("Stadt „Köln“ (Rhein)\x1b", "053150000000").name == "Stadt Köln (Rhein)"
    assert city("=1+1", "053150000000").name == "1 1"
    assert city("\x1b", "053150000000").name == "053150000000"


def test_trusted_keys_are_a_list_of_the_data_folder(settings):
    assert trusted(settings) == ()
    one, two = (TrustedKey(f"05122000000{n}", "Solingen; Klinge", str(n) * 43, "2025-12-01") for n in (1, 2))
    trust(settings, one)
    trust(settings, two)
    trust(settings, one)
    assert trusted(settings) == (two, one)
    assert settings.data_dir / TRUSTED in data_files(settings)
    (settings.data_dir / TRUSTED).write_text("ars;stadt\n051;x\n", encoding="utf-8")
    with pytest.raises(BenchmarkFault, match="hat nicht die Spalten"):
        trusted(settings)
    (settings.data_dir / TRUSTED).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BenchmarkFault, match="lässt sich nicht lesen"):
        trusted(settings)
