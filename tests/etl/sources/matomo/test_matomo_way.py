"""Proxy and own CA file, as for the Search Console."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.errors import LoadError
from etl.sources.matomo.pull import pull_matomo
from tests.etl.sources.matomo.small_matomo import changed, loaded_pages, matomo, small_website, usual_pages
from tests.etl.sources.search_console.loopback_proxy import proxy
from tests.etl.sources.search_console.test_extras import own_authority
from tests.etl.sources.search_console.tls_front import tls_front


def test_requests_go_through_the_proxy(tmp_path: Path) -> None:
    website = small_website()
    with proxy() as way, matomo(website, tmp_path, proxy=way.url) as (server, settings):
        pull_matomo(settings)
        assert loaded_pages(settings) == usual_pages(website)
        assert set(way.targets) == {f"127.0.0.1:{server.port}"}


@pytest.mark.parametrize("status", [403, 407])
def test_a_proxy_that_refuses_to_connect_is_told_as_the_proxys_refusal(tmp_path: Path, status: int) -> None:
    with (
        proxy(refusal=status) as way,
        matomo(small_website(), tmp_path, proxy=way.url) as (server, settings),
    ):
        with pytest.raises(LoadError) as stop:
            pull_matomo(settings)
        assert server.requests == []
    assert str(stop.value).startswith(
        f"Ein Proxy oder eine Firewall vor Matomo verweigert den Zugriff (HTTP {status})"
    )


@pytest.mark.parametrize(
    ("address", "sentence"),
    [("http://127.0.0.1:9", "nicht erreichbar"), ("127.0.0.1:9", r"matomo\.proxy ist keine Adresse")],
)
def test_a_proxy_that_is_down_or_misspelled_is_a_sentence_and_never_bypassed(
    tmp_path: Path, address: str, sentence: str
) -> None:
    with matomo(small_website(), tmp_path, proxy=address) as (server, settings):
        with pytest.raises(LoadError, match=sentence):
            pull_matomo(settings)
        assert server.requests == []


def test_an_own_ca_file_is_trusted_and_without_it_the_sentence_names_the_setting(tmp_path: Path) -> None:
    pem, context = own_authority(tmp_path)
    website = small_website()
    with matomo(website, tmp_path) as (server, settings), tls_front(server.port, context) as port:
        secure = changed(settings, url=f"https://127.0.0.1:{port}/matomo/")
        with pytest.raises(LoadError, match=r"matomo\.ca_file"):
            pull_matomo(secure)
        pull_matomo(changed(secure, ca_file=str(pem)))
        assert loaded_pages(settings) == usual_pages(website)
