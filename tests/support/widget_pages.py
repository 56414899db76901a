"""Pages of another origin that embed the widget, under the policy that a careful site would set."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler

from playwright.sync_api import Page, expect

from corpus.records import Language
from service.state import State
from tests.support.loopback import Quiet, listening

MONITOR: dict[Language, str] = {
    "ar": "ما الذي تُشجّع الدول الأعضاء على رصده؟",
    "en": "What are Member States encouraged to monitor?",
}
LABEL: dict[Language, str] = {"ar": "21 (ك)", "en": "21 (k)"}
"""A question, and the paragraph that answers it."""
BUBBLE = "<fiqra-chat api='{host}' lang='{language}'></fiqra-chat>"
INLINE = "<fiqra-chat api='{host}' lang='{language}' mode='inline'></fiqra-chat>"
_LISTEN = """
window.violations = [];
document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
  violations.push(`${violatedDirective} ${blockedURI}`);
});
window.heard = [];
for (const name of ["open", "close", "ask", "answer", "citation", "error"]) {
  addEventListener(`fiqra:${name}`, (event) => {
    const { cancelable, composed } = event;
    heard.push({ name, detail: JSON.parse(JSON.stringify(event.detail)), cancelable, composed });
    if (window.refuse === name) event.preventDefault();
  });
}
"""


@dataclass
class Site:
    """A web site on an origin of its own: what it serves at `/`, with which policy; `host` is where the widget is."""

    origin: str
    host: str = ""
    html: str = ""
    policy: str = ""

    def embed(self, element: str, language: str = "en", *, script: str = "", host: str = "") -> None:
        """Serve a page with this element, which may load from nowhere but the host."""
        host = host or self.host
        self.policy = f"default-src 'none'; script-src {host}; connect-src {host}; style-src 'self'"
        direction = "rtl" if language == "ar" else "ltr"
        self.html = (
            f'<!doctype html><html lang="{language}" dir="{direction}"><head><meta charset="utf-8"><title>Site</title>'
            '<meta name="viewport" content="width=device-width"></head>'
            f"<body><main><h1>A site</h1><p><a href='/'>A link</a></p>{element}</main>"
            f'<script type="module" src="{host}/widget.js"{script}></script></body></html>'
        )


@contextmanager
def other_site() -> Iterator[Site]:
    """A server on another port, which is another origin."""

    class Handler(Quiet, BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = site.html.encode() if self.path == "/" else b""
            self.send_response(200 if self.path == "/" else 404)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.send_header("content-security-policy", site.policy)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with listening(Handler) as origin:
        site = Site(origin)
        yield site


def listen(page: Page) -> list[str]:
    """Collect what the page complains of; `heard` and `violations` on its window have events and refused loads."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text))
    page.add_init_script(_LISTEN)
    return complaints


def heard(page: Page, name: str) -> list[dict[str, object]]:
    """The widget's events of that name, in order."""
    found: list[dict[str, object]] = page.evaluate("name => heard.filter((event) => event.name === name)", name)
    return found


def visit(page: Page, site: Site, element: str, language: str = "en", *, script: str = "", host: str = "") -> list[str]:
    """Open a page of the site with the widget on it; what it complains of is added to the list."""
    site.embed(element.format(host=host or site.host, language=language), language, script=script, host=host)
    complaints = listen(page)
    page.goto(site.origin)
    return complaints


def ask(page: Page, question: str) -> None:
    """Ask by keyboard, and wait for the answer's end."""
    page.locator("fiqra-chat textarea").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator("fiqra-chat .answer").last.locator(".tools")).to_be_visible()


def style(page: Page, selector: str, name: str) -> str:
    """How the first element that a selector finds is drawn: `style(page, "fiqra-chat textarea", "direction")`."""
    value: str = page.locator(selector).first.evaluate(f"e => getComputedStyle(e).{name}")
    return value


def allowing(state: State, site: Site) -> State:
    """The service, whose settings let a site's pages call it."""
    return replace(state, settings=state.settings.model_copy(update={"allowed_origins": (site.origin,)}))
