"""The widget on a page of another origin, which may call the service."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from service.app import build_app
from service.state import State
from tests.support.browser import serving
from tests.support.widget_pages import Site, allowing, other_site


@pytest.fixture(scope="module")
def site(state: State) -> Iterator[Site]:
    """A site whose pages may call the service."""
    with other_site() as site, serving(build_app(allowing(state, site))) as site.host:
        yield site


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_page(viewport={"width": 1280, "height": 800}) as page:
        yield page
