"""One frozen settings object; the only module that reads settings files and the environment."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import pydantic_settings
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from portalkompass.settings_faults import (
    BETWEEN,
    LOCAL_FILE,
    PREFIX,
    FileFault,
    key_of,
    place_of,
    read_toml,
    sentence_of,
    unknown_variables,
    unprintable,
)

ROOT = Path(__file__).resolve().parents[1]
SHIPPED_DATA = ROOT / "data"
DEMO_SITE = "https://portal.leverkusen.example/"
DEMO_TODAY = dt.date(2025, 12, 17)

SPARK, SPARK_CONNECT = "spark", "sc://"
"""Values of ``warehouse`` that mean an engine and no folder; the second begins an address."""

PageKindName = Literal["Leistung", "Organisationseinheit", "Mitarbeiter", "Suche/Start"]
SearchType = Literal["web", "image", "video", "news", "discover", "googleNews"]
MOST_DAYS, MOST_SECONDS, MOST_TIMES, MOST_ROWS = 365_000, 31_000_000, 100_000, 1_000_000_000
"""Ten centuries, a year, how often, how much: nothing beyond is meant, and the clocks of a machine end somewhere."""
MOST_TIMEOUT = 2_000_000
"""Seconds that a socket can wait: it counts milliseconds in 31 bits."""
EmptyIsNone = BeforeValidator(lambda value: None if value == "" else value)
OptionalDay = Annotated[dt.date | None, EmptyIsNone]
"""A day, or empty text for none: TOML has no null."""
OptionalEuros = Annotated[Annotated[float, Field(ge=0, le=100_000)] | None, EmptyIsNone]
OptionalPercent = Annotated[Annotated[float, Field(ge=-50, le=50)] | None, EmptyIsNone]
"""A number, or empty text where it is not known."""


def _amount_of_memory(value: str) -> str:
    amount = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([KMGT]i?B)", value.strip(), re.IGNORECASE)
    if amount is None or float(amount[1]) == 0:
        raise ValueError("nötig ist eine Menge wie 200MB oder 4GB")
    return value


def _mail_address(value: str) -> str:
    if re.fullmatch(r"[^\s@,;<>\"]+@[^\s@,;<>\"]+", value) is None or not value.isprintable():
        raise ValueError("nötig ist eine E-Mail-Adresse wie name@stadt.example")
    return value


MailAddress = Annotated[str, AfterValidator(_mail_address)]


def _mail_or_nothing(value: str) -> str:
    return _mail_address(value) if value else value


def _web_address(value: str) -> str:
    if value and (
        re.fullmatch(r"https?://[^\s/?#\"<>]+[^\s\"<>]*", value) is None or not value.isprintable()
    ):
        raise ValueError("nötig ist eine Adresse wie https://www.stadt.example/seite, oder nichts")
    return value


def _folder_address(value: str) -> str:
    if "?" in value or "#" in value:
        raise ValueError("nötig ist die Adresse eines Ordners, ohne „?“ und „#“")
    address = _web_address(value)
    if re.search(r"\.(x?html?|php|aspx?|jsp)$", address.partition("://")[2].partition("/")[2], re.IGNORECASE):
        raise ValueError("nötig ist die Adresse des Ordners, ohne den Namen der Seite darin")
    return address if not address or address.endswith("/") else f"{address}/"


WebAddress = Annotated[str, AfterValidator(_web_address)]
"""An address of the web, or nothing."""
Theme = Literal[
    "AGRI",
    "ECON",
    "EDUC",
    "ENER",
    "ENVI",
    "GOVE",
    "HEAL",
    "INTR",
    "JUST",
    "REGI",
    "SOCI",
    "TECH",
    "TRAN",
    "OP_DATPRO",
]
"""Codes of the EU's list of data themes."""


class SettingsError(Exception):
    """The settings cannot be used; the message is a German sentence for the person at the keyboard."""


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Neighbour(_Section):
    """A municipality whose online services are shown beside the city's own."""

    name: str = Field(min_length=1)
    ars: str = Field(pattern=r"^\d{12}$")


class City(_Section):
    """Who the figures belong to, and the denominator that may be printed beside them."""

    name: str = "Stadt Leverkusen"
    also_called: tuple[str, ...] = ()
    municipality: str = "leverkusen"
    ars: str = "053160000000"
    neighbours: tuple[Neighbour, ...] = ()
    services_responsible: int = Field(189, ge=1, le=MOST_TIMES)
    services_responsible_source: str = ""


class Municipality(_Section):
    """Another municipality of the same archive, and the properties that are its own."""

    key: str = Field(min_length=1)
    sites: tuple[str, ...] = Field(min_length=1)


class SearchConsole(_Section):
    """Access to the Search Console API, and how hard it may be asked."""

    site: str = ""
    more_sites: tuple[str, ...] = ()
    search_types: tuple[SearchType, ...] = ("web",)
    credentials_file: str = ""
    api_endpoint: str = ""
    queries_per_second: float = Field(4.0, gt=0, le=MOST_TIMES)
    workers: int = Field(4, ge=1, le=32)
    retention_days: int = Field(486, ge=1, le=MOST_DAYS)
    rolling_days: int = Field(10, ge=0, le=MOST_DAYS)
    timeout_seconds: float = Field(60.0, gt=0, le=MOST_TIMEOUT)
    max_attempts: int = Field(8, ge=1, le=MOST_TIMES)
    backoff_seconds: float = Field(1.0, ge=0, le=MOST_SECONDS)
    publish_every_seconds: float = Field(300.0, gt=0, le=MOST_SECONDS)
    load_quota_pause_seconds: float = Field(900.0, ge=0, le=MOST_SECONDS)
    load_quota_pauses: int = Field(4, ge=0, le=MOST_TIMES)
    inspections_per_day: int = Field(2000, ge=0, le=2000)
    inspection_interval_days: int = Field(7, ge=1, le=MOST_DAYS)
    appearances: bool = True
    page_devices: bool = False
    query_devices: bool = False
    hourly: bool = False
    proxy: str = ""
    ca_file: str = ""

    @property
    def sites(self) -> tuple[str, ...]:
        """Every configured property, the main one first."""
        return tuple(site for site in (self.site, *self.more_sites) if site)

    @property
    def device_grains(self) -> tuple[str, ...]:
        """Names of the tables of pages and queries by device that are pulled besides."""
        wanted = {"search_page_device_day": self.page_devices, "search_query_device_day": self.query_devices}
        return tuple(name for name, pulled in wanted.items() if pulled)


class Portal(_Section):
    """How a portal export's columns are called, and the host of pages that are given as bare paths."""

    source: str = "portal"
    host: str = ""
    columns: dict[str, str] = Field(default_factory=dict)


class MatomoGoal(_Section):
    """A Matomo goal whose conversions are applications, and the page of the service they belong to."""

    id: int = Field(ge=1, le=MOST_ROWS)
    page: str = Field(min_length=1)


class Matomo(_Section):
    """Access to a Matomo Reporting API, and how hard it may be asked."""

    url: str = ""
    site_id: int = Field(0, ge=0, le=MOST_ROWS)
    token_file: str = ""
    property: str = ""
    first_day: OptionalDay = None
    rolling_days: int = Field(3, ge=0, le=MOST_DAYS)
    days_per_request: int = Field(7, ge=1, le=92)
    rows_per_request: int = Field(0, ge=0, le=MOST_ROWS)
    service_hosts: tuple[str, ...] = ()
    site_search: bool = True
    goals: tuple[MatomoGoal, ...] = ()
    requests_per_second: float = Field(2.0, gt=0, le=MOST_TIMES)
    timeout_seconds: float = Field(120.0, gt=0, le=MOST_TIMEOUT)
    max_attempts: int = Field(6, ge=1, le=MOST_TIMES)
    backoff_seconds: float = Field(1.0, ge=0, le=MOST_SECONDS)
    publish_every_seconds: float = Field(300.0, gt=0, le=MOST_SECONDS)
    proxy: str = ""
    ca_file: str = ""


class Pvog(_Section):
    """Access to an Open-PVOG interface, and how hard it may be asked."""

    url: str = ""
    requests_per_second: float = Field(1.0, gt=0, le=MOST_TIMES)
    timeout_seconds: float = Field(60.0, gt=0, le=MOST_TIMEOUT)
    max_attempts: int = Field(5, ge=1, le=MOST_TIMES)
    backoff_seconds: float = Field(1.0, ge=0, le=MOST_SECONDS)
    proxy: str = ""
    ca_file: str = ""


class PropertyAccess(_Section):
    """The properties that members of a group may see."""

    group: str = Field(min_length=1)
    sites: tuple[str, ...] = Field(min_length=1)


class TrustedProxy(_Section):
    """The gate in front of the app that signs in people itself and says in a signed header who asks."""

    header: str = Field("X-Portalkompass-Person", min_length=1, pattern=r"^[A-Za-z0-9-]+$")
    keys: str = ""
    issuer: str = ""
    audience: str = ""
    max_age_seconds: float = Field(0.0, ge=0, le=MOST_SECONDS)
    single_use: bool = False
    sign_out: str = ""


class Login(_Section):
    """Who may get in, by OpenID Connect or by a proxy that signs in people; by default there is no login."""

    mode: Literal["oidc", "proxy"] = "oidc"
    metadata_url: str = ""
    address: str = ""
    client_id: str = ""
    client_secret_file: str = ""
    cookie_secret_file: str = ""
    scope: str = "openid profile email"
    group_claim: str = "groups"
    name_claim: str = "name"
    proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    session_hours: float = Field(10.0, gt=0, le=720)
    roles_minutes: float = Field(0.0, ge=0, le=1440)
    read: tuple[str, ...] = ()
    edit: tuple[str, ...] = ()
    moderate: tuple[str, ...] = ()
    administer: tuple[str, ...] = ()
    properties: tuple[PropertyAccess, ...] = ()
    proxy: TrustedProxy = TrustedProxy()

    @property
    def wanted(self) -> bool:
        """Whether a login was asked for, however incompletely: then nobody gets in without one."""
        return self.by_proxy or bool(self.metadata_url or self.client_id or self.address)

    @property
    def by_proxy(self) -> bool:
        """Whether a gate in front of the app signs in people, not the app itself."""
        return self.mode == "proxy"


class Privacy(_Section):
    """Thresholds below which single values are not shown."""

    min_query_impressions: int = Field(10, ge=0, le=MOST_ROWS)
    portal_needs_consent: bool = True


class Notify(_Section):
    """Who is told when a run fails, and the mail server for that and for the digest; empty = nobody."""

    mail_to: tuple[MailAddress, ...] = ()
    mail_from: MailAddress = "portalkompass@localhost"
    smtp_host: str = "localhost"
    smtp_port: int = Field(25, ge=1, le=65535)
    smtp_security: Literal["none", "starttls", "tls"] = "starttls"
    smtp_user: str = ""
    smtp_password_file: str = ""
    ca_file: str = ""
    webhook: str = ""


class Operations(_Section):
    """Monitoring, log and how long things are kept."""

    stale_after_days: int = Field(5, ge=0, le=MOST_DAYS)
    log: Literal["text", "json"] = "text"
    backup_dir: str = ""
    keep_audit_days: int = Field(730, ge=1, le=MOST_DAYS)
    keep_ballots_days: int = Field(90, ge=1, le=MOST_DAYS)
    keep_aside_days: int = Field(30, ge=1, le=MOST_DAYS)
    keep_originals_days: int = Field(400, ge=0, le=MOST_DAYS)
    keep_originals_mb: int = Field(2000, ge=0, le=MOST_ROWS)
    certificate_file: str = ""
    ends: dict[str, dt.date] = Field(default_factory=dict)
    warn_days_before_end: int = Field(21, ge=0, le=MOST_DAYS)
    metrics_port: int = Field(0, ge=0, le=65535)
    notify: Notify = Notify()


class Alert(_Section):
    """A rule on a figure of the finished week, told with the digest; without a scope it is of the whole portal."""

    name: str = Field(min_length=1, max_length=100)
    measure: Literal["clicks", "impressions", "position", "ctr"] = "clicks"
    rule: Literal["above", "below", "beyond_chance"]
    threshold: float | None = None
    page_contains: str = ""
    query: str = ""
    service: str = ""

    @model_validator(mode="after")
    def _can_be_judged(self) -> Alert:
        if sum(map(bool, (self.page_contains, self.query, self.service))) > 1:
            raise ValueError("nur eines von page_contains, query und service ist möglich")
        if self.rule != "beyond_chance":
            if self.threshold is None:
                raise ValueError(f'rule = "{self.rule}" braucht einen Wert in threshold')
        elif self.measure != "clicks" or self.query or self.threshold is not None:
            raise ValueError('rule = "beyond_chance" prüft Klicks von Seiten, ohne query und threshold')
        return self


class Digest(_Section):
    """Who gets the week's digest; without addresses and webhook nothing is sent."""

    mail_to: tuple[MailAddress, ...] = ()
    webhook: str = ""
    alerts: tuple[Alert, ...] = ()

    @field_validator("alerts")
    @classmethod
    def _one_of_each_name(cls, value: tuple[Alert, ...]) -> tuple[Alert, ...]:
        if len({alert.name for alert in value}) < len(value):
            raise ValueError("zwei Alarme heißen gleich")
        return value

    @property
    def ways(self) -> tuple[Literal["mail", "webhook"], ...]:
        """The ways it is sent."""
        mail: tuple[Literal["mail"], ...] = ("mail",) if self.mail_to else ()
        return (*mail, "webhook") if self.webhook else mail


class Slides(_Section):
    """The PowerPoint template of the city and the names of its layouts."""

    template: str = ""
    title_layout: str = "Titelfolie"
    content_layout: str = "Nur Titel"


class Word(_Section):
    """The Word template of the city."""

    template: str = ""


class Economy(_Section):
    """What the economic view of the plan reckons with: the city's own rates, empty where they are not known."""

    euros_a_day: OptionalEuros = None
    euros_an_hour: OptionalEuros = None
    discount_percent: OptionalPercent = None
    years: int = Field(5, ge=1, le=20)


class Publication(_Section):
    """Who publishes open data and reports, under which licence, and where they can be reached."""

    address: Annotated[str, AfterValidator(_folder_address)] = ""
    licence: Literal["", "dl-de/zero-2-0", "dl-de/by-2-0", "cc-zero", "cc-by-4.0"] = ""
    publisher: str = ""
    contact: Annotated[str, AfterValidator(_mail_or_nothing)] = ""
    contributor_id: WebAddress = ""
    themes: tuple[Theme, ...] = ("GOVE",)
    imprint: WebAddress = ""
    privacy: WebAddress = ""
    accessibility: WebAddress = ""


class Spark(_Section):
    """The cluster behind ``warehouse = "spark"``; ``properties`` are Spark's own."""

    master: str = ""
    properties: dict[str, str] = Field(default_factory=dict)


class PageKind(_Section):
    """A page kind and the RE2 pattern that its paths match."""

    kind: PageKindName
    pattern: str


class QueryTopic(_Section):
    """A group of queries and the regular expression that finds them, whatever the case."""

    name: str = Field(min_length=1)
    pattern: str = Field(min_length=1)

    @field_validator("pattern")
    @classmethod
    def _must_compile(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"kein regulärer Ausdruck: {error}") from None
        return value


class _TomlFile(InitSettingsSource):
    """A file of settings whose faults are sentences."""

    def __init__(self, settings_cls: type[BaseSettings], file: Path) -> None:
        super().__init__(settings_cls, read_toml(file))


class Settings(BaseSettings):
    """Every setting; field names are the keys of settings.toml."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, env_prefix=PREFIX, env_nested_delimiter=BETWEEN
    )

    data_dir: Path = Path("data")
    warehouse: str = ""
    lake: str = ""
    workspace: str = ""
    today: OptionalDay = None
    memory_limit: Annotated[str, AfterValidator(_amount_of_memory)] = "200MB"
    writer_wait_seconds: float = Field(60.0, ge=0, le=MOST_SECONDS)
    workshop_lan: bool = False
    workshop_port: int = Field(8502, ge=1, le=65535)
    workshop_address: str = ""
    workshop_names_departments: bool = False
    city: City = City()
    search_console: SearchConsole = SearchConsole()
    portal: Portal = Portal()
    matomo: Matomo = Matomo()
    pvog: Pvog = Pvog()
    login: Login = Login()
    privacy: Privacy = Privacy()
    operations: Operations = Operations()
    digest: Digest = Digest()
    slides: Slides = Slides()
    word: Word = Word()
    economy: Economy = Economy()
    publication: Publication = Publication()
    spark: Spark = Spark()
    municipalities: tuple[Municipality, ...] = ()
    page_kinds: tuple[PageKind, ...] = ()
    query_topics: tuple[QueryTopic, ...] = ()
    demo: bool = Field(False, description="set by as_demo(), never by hand")

    @field_validator("data_dir", mode="before")
    @classmethod
    def _must_name_a_folder(cls, value: object) -> object:
        if isinstance(value, str) and not value.strip():
            raise ValueError("nötig ist ein Ordner")
        return value

    @field_validator("data_dir")
    @classmethod
    def _anchor(cls, value: Path) -> Path:
        return value if value.is_absolute() else ROOT / value

    @field_validator("municipalities")
    @classmethod
    def _one_owner_a_site(cls, value: tuple[Municipality, ...]) -> tuple[Municipality, ...]:
        owners = Counter(site for municipality in value for site in municipality.sites)
        if shared := [site for site, number in owners.items() if number > 1]:
            raise ValueError(f"{shared[0]} steht bei mehreren Kommunen")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        *_unused: PydanticBaseSettingsSource,
        **_others: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment over local file over committed file; no .env file, no secrets folder."""
        local, shipped = _files()
        return init_settings, env_settings, _TomlFile(settings_cls, local), _TomlFile(settings_cls, shipped)

    @property
    def warehouse_dir(self) -> Path:
        """Folder of the published snapshots; loads write there whatever engine the app asks."""
        own = self.warehouse and not self.distributed
        return Path(self.warehouse) if own else self.data_dir / "warehouse"

    @property
    def distributed(self) -> bool:
        """Whether questions go to Apache Spark and the lake instead of the published snapshot."""
        return self.warehouse == SPARK or self.warehouse.startswith(SPARK_CONNECT)

    @property
    def workspace_url(self) -> str:
        """SQLAlchemy URL of what people write."""
        return self.workspace or f"sqlite:///{(self.data_dir / 'workspace.db').as_posix()}"

    @property
    def origin(self) -> Literal["demo", "live"]:
        """What the figures of this warehouse are: sample data or the city's own."""
        return "demo" if self.demo else "live"

    def current_day(self) -> dt.date:
        """Today, or the fixed day of the settings."""
        return self.today or dt.date.today()  # noqa: DTZ011 the user's own calendar day is meant

    def data_file(self, name: str) -> Path:
        """A file of the data folder; where it is missing there, the shipped one."""
        own = self.data_dir / name
        return own if own.exists() else SHIPPED_DATA / name

    def beside_the_lake(self) -> Settings:
        """The same settings on the snapshots that a lake is written from."""
        return self.model_copy(update={"warehouse": ""}) if self.distributed else self

    def as_demo(self) -> Settings:
        """The same settings turned to the demo folder, with its own snapshots and workspace."""
        if self.demo:
            return self
        console = self.search_console.model_copy(update={"site": DEMO_SITE, "more_sites": ()})
        return self.model_copy(
            update={
                "data_dir": self.data_dir / "demo",
                "warehouse": "",
                "lake": "",
                "workspace": "",
                "today": DEMO_TODAY,
                "search_console": console,
                # A city's own Matomo must never be loaded among the sample data.
                "matomo": Matomo(),
                # Sample figures are not sent to anybody.
                "digest": Digest(),
                "demo": True,
            }
        )


def _files() -> tuple[Path, Path]:
    """The city's own file and the shipped one, in the order in which they win."""
    return Path(os.environ.get(LOCAL_FILE) or ROOT / "settings.local.toml"), ROOT / "settings.toml"


def _sentence(error: ValidationError) -> str:
    faults = error.errors(include_input=False, include_url=False)
    return "Die Einstellungen sind fehlerhaft: " + " ".join(
        sentence_of(fault, Settings, _files(), os.environ) for fault in faults
    )


def _variable_sentence(error: pydantic_settings.SettingsError | RecursionError) -> str:
    """A list or section in a variable is written as JSON; the library names its field."""
    field = re.search(r'field "(\w+)"', str(error))
    beginning = f"{PREFIX}{field[1] if field else ''}".upper()
    variables = sorted(name for name in os.environ if name.upper().startswith(beginning))
    return (
        f"Die Einstellungen sind fehlerhaft: Umgebungsvariable {' oder '.join(variables)} lässt sich nicht lesen. In "
        f'der Umgebung haben Listen die Form ["a", "b"] und Abschnitte die Form {{"schlüssel": "wert"}}.'
    )


@lru_cache(maxsize=1)
def load_settings() -> Settings:
    """Read settings.toml, settings.local.toml and the environment once per process.

    Raises:
        SettingsError: a key or variable is unknown or a value not allowed; names the key, what is allowed and
            where it stands, never the value (it may be a secret).
    """
    if faults := unknown_variables(os.environ, Settings):
        raise SettingsError(" ".join(faults))
    local = os.environ.get(LOCAL_FILE)
    if local and not os.path.lexists(local):
        raise SettingsError(f"Die Datei aus {LOCAL_FILE} gibt es nicht.")
    try:
        settings = Settings()
    except ValidationError as error:
        raise SettingsError(_sentence(error)) from None
    except (pydantic_settings.SettingsError, RecursionError) as error:
        raise SettingsError(_variable_sentence(error)) from None
    except FileFault as fault:
        raise SettingsError(f"Die Einstellungen lassen sich nicht lesen: {fault}") from None
    if key := unprintable(settings):
        raise SettingsError(
            f"Die Einstellungen sind fehlerhaft: „{key_of(key)}“ enthält ein Steuerzeichen oder ist nicht in UTF-8; "
            f"nötig ist Text in einer Zeile. ({place_of(key, _files(), os.environ)})"
        )
    return settings
