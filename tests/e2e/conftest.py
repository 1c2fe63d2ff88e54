"""A real browser before the real site: one browser for the run, one context per visitor, and a watch over all of them.

Nothing leaves this machine: other hosts do not resolve, and a page that asks for one fails its test. So does a page
with a script error, a breach of the content security policy or an answer of 500.
"""

import contextlib
import http.server
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    Response,
    expect,
    sync_playwright,
)
from playwright.sync_api import Error as PlaywrightError

from cms.loading import Loader
from cms.programmes import read_programme, read_site
from cms.roles import give_roles_their_permissions
from tests.e2e.spying import Spy
from tests.e2e.steps import enrolled
from tests.factories import PersonFactory
from tests.rows import Rows

CONTENT = django_settings.BASE_DIR / "content"
FAILURES = django_settings.BASE_DIR / "var" / "e2e"
PROGRAMMES = ("maatjestraining", "motiverende-gespreksvoering")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE *.localhost",
]
PATIENCE = 15_000  # milliseconds: two browsers on two cores, with a loaded machine
HEIGHTS = {360: 740, 1280: 900}
expect.set_options(timeout=PATIENCE)
# What the browser says of every answer from 400 up, and of requests that a test breaks off; the watch looks itself.
TOLD_ANYHOW = "Failed to load resource"
# Says where a rule of the policy was broken, from before the page's first script on.
REPORT_BREACHES = """
document.addEventListener('securitypolicyviolation', (event) => {
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
});
"""


@dataclass
class Watch:
    """What must not happen in any page of a test. `allow` names what a test provokes."""

    problems: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def allow(self, words: str) -> None:
        self.allowed.append(words)

    def note(self, problem: str) -> None:
        if not any(words in problem for words in self.allowed):
            self.problems.append(problem)

    def over(self, context: BrowserContext) -> None:
        context.on("weberror", lambda error: self.note(f"script error: {error.error}"))
        context.on("console", self._console)
        context.on("request", self._request)
        context.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and TOLD_ANYHOW not in message.text:
            self.note(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        host = urlsplit(request.url).hostname
        if host not in {"127.0.0.1", "localhost", None} and not str(host).endswith(".localhost"):
            self.note(f"outside traffic: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.note(f"{response.status}: {response.url}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="module")
def driver() -> Iterator[Playwright]:
    # For one file of journeys only: while it lives, nothing else in this process can start an event loop.
    # Playwright keeps an event loop in this thread, in which Django would refuse every query of the test itself.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        yield playwright
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    else:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@contextlib.contextmanager
def started_browser(driver: Playwright, *flags: str) -> Iterator[Browser]:
    browser = driver.chromium.launch(
        executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium-headless-shell"),
        headless=True,
        args=[*FLAGS, *flags],
        # Without this switch of Playwright's the browser keeps pages for Back, as people's browsers do.
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def browser(driver: Playwright) -> Iterator[Browser]:
    with started_browser(driver) as browser:
        yield browser


@pytest.fixture(scope="module")
def large_print_browser(driver: Playwright) -> Iterator[Browser]:
    """Somebody set their browser to letters twice as large."""
    with started_browser(driver, "--blink-settings=defaultFontSize=32") as browser:
        yield browser


@pytest.fixture(scope="module")
def shipped_browser(driver: Playwright) -> Iterator[Browser]:
    """With storage by site and frame, as browsers are shipped: Playwright switches that off among other things."""
    with started_browser(driver, "--disable-features=Translate") as browser:
        yield browser


@pytest.fixture
def watch() -> Iterator[Watch]:
    watch = Watch()
    yield watch
    assert watch.problems == []


@pytest.fixture
def visitor(
    browser: Browser, site: str, watch: Watch, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Page]]:
    """Open a page in a browser of its own: `visitor(width=360, js=True, dark=False)`."""
    contexts: list[BrowserContext] = []

    def come(
        *,
        width: int = 360,
        js: bool = True,
        dark: bool = False,
        large_print: bool = False,
        as_shipped: bool = False,
        **options: object,
    ) -> Page:
        wanted = {"large_print_browser": large_print, "shipped_browser": as_shipped}
        special = next((name for name, asked in wanted.items() if asked), None)
        opened = request.getfixturevalue(special) if special else browser
        context = opened.new_context(
            base_url=site,
            viewport={"width": width, "height": HEIGHTS[width]},
            java_script_enabled=js,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale="nl-NL",
            **options,
        )
        context.set_default_timeout(PATIENCE)
        context.add_init_script(REPORT_BREACHES)
        watch.over(context)
        contexts.append(context)
        return context.new_page()

    yield come
    if request.node.stash.get(FAILED, False):
        _show_failure(request.node.name, contexts)
    for context in contexts:
        context.close()


def _show_failure(name: str, contexts: list[BrowserContext]) -> None:
    FAILURES.mkdir(parents=True, exist_ok=True)
    for number, page in enumerate(page for context in contexts for page in context.pages):
        with contextlib.suppress(PlaywrightError):  # a page that no longer answers has no picture
            page.screenshot(path=FAILURES / f"{name.replace('/', '-')}-{number}.png", timeout=5000)


@pytest.fixture(scope="session")
def loaded() -> Rows:
    """Empty until the first journey has loaded the site."""
    return Rows()


def load_the_site() -> None:
    """The site's pages, both programmes and the roles, as `make run` loads them."""
    site_text = read_site(CONTENT / "site")
    loader = Loader()
    loader.load_site(site_text)
    for name in PROGRAMMES:
        loader.load_programme(read_programme(CONTENT / name))
    loader.load_site(site_text)  # its doors lead to courses that are there now
    give_roles_their_permissions()
    DBTaskResult.objects.all().delete()  # the editor's search index, which no journey asks


@pytest.fixture
def site(
    transactional_db: None, live_server, neutral_site: str, loaded: Rows, settings, tmp_path: Path
) -> str:
    """The site with its pages, both programmes and the roles, at an address of this machine."""
    settings.SITE_URL = settings.WAGTAILADMIN_BASE_URL = live_server.url
    settings.EXIT_URL = neutral_site
    directives = {**settings.CONTENT_SECURITY_POLICY["DIRECTIVES"], "form-action": ["'self'", neutral_site]}
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": directives}
    files = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": tmp_path / "private"},
    }
    settings.STORAGES = {**settings.STORAGES, "private": files}
    if loaded.tables:
        loaded.put_back()
    else:
        load_the_site()
        loaded.take()
    return live_server.url


@pytest.fixture
def learner(site: str, now):
    """Somebody in the maatjestraining who has done nothing yet."""
    person = PersonFactory(alias="Noor", email="noor@example.org")
    enrolled(person, now=now)
    return person


@pytest.fixture
def worker(site: str) -> Callable[[], None]:
    """Do what is queued, as the worker's process does, and come back when nothing is left."""

    def work() -> None:
        Worker(
            queue_names=["default"],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id="journey",
            excluded_queue_names=[],
        ).run()

    return work


class _NeutralPage(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Weer</title><link rel=icon href=data:,><h1>Zonnig</h1>")

    def log_message(self, *_arguments: object) -> None:
        """Silent."""


@pytest.fixture(scope="session")
def neutral_site() -> Iterator[str]:
    """Where the exit leads: another site, on this machine."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _NeutralPage)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def spy() -> Iterator[Spy]:
    """The world outside, which no package may reach."""
    server = Spy()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()
