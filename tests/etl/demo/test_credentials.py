from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from google.oauth2 import service_account
from googleapiclient.discovery import build

from etl.demo.server.credentials import write_credentials
from tests.etl.demo.table_world import Line, TableWorld
from tests.search_console_server.faulty_server import serve


def test_googles_own_client_signs_in_and_reads_rows(tmp_path: Path) -> None:
    site = "sc-domain:stadt.example"
    world = TableWorld(site, [Line(dt.date(2025, 3, 1), "https://stadt.example/", "hund", 1, 2, 3.0)])
    with serve(world, today=dt.date(2025, 3, 20)) as server:
        path = write_credentials(tmp_path / "neu", server.token_uri)
        credentials = service_account.Credentials.from_service_account_file(
            path, scopes=["https://www.googleapis.com/auth/webmasters.readonly"]
        )
        service = build(
            "searchconsole",
            "v1",
            credentials=credentials,
            static_discovery=True,
            cache_discovery=False,
            client_options={"api_endpoint": server.endpoint},
        )
        body = {"startDate": "2025-03-01", "endDate": "2025-03-01", "dimensions": ["query"]}
        reply = service.searchanalytics().query(siteUrl=site, body=body).execute()
        service.close()
    row = {"keys": ["hund"], "clicks": 1.0, "impressions": 2.0, "ctr": 0.5, "position": 3.0}
    assert reply == {"rows": [row], "responseAggregationType": "byProperty"}


def test_the_key_file_names_an_invented_account_and_is_private(tmp_path: Path) -> None:
    path = write_credentials(tmp_path, "http://127.0.0.1:1/token")
    account = json.loads(path.read_text(encoding="utf-8"))
    assert account["client_email"].endswith(".example")
    assert account["token_uri"] == "http://127.0.0.1:1/token"
    assert path.stat().st_mode & 0o077 == 0
