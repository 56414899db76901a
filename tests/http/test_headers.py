"""What every response says to a browser: how its page may be used, and which other origins may read it."""

from __future__ import annotations

import re
from pathlib import Path

from fastapi.testclient import TestClient

from service.app import build_app
from tests.support.asgi import Address, addresses
from tests.support.services import LOCAL, hashed_state, service

BROWSER = {"accept": "text/html,application/xhtml+xml"}


def test_every_response_carries_the_security_headers(folder: Path) -> None:
    """Every GET route, whatever it answers, and the 500 made outside all middleware.

    Taken out by hand (one of `EVERYWHERE`, or `headers.install`), each route fails.
    """
    app = build_app(hashed_state(folder))

    @app.get("/boom")
    def boom() -> None:
        raise RuntimeError("boom")

    with TestClient(app, base_url=LOCAL, raise_server_exceptions=False) as client:
        found = [*addresses(app), Address("/nowhere", frozenset({"GET"}))]
        assert len(found) > 15
        for path in (a.with_ref(b"21(k)").decode() for a in found if "GET" in a.methods):
            for accept in ({}, BROWSER):
                response = client.get(path, headers=accept, follow_redirects=False)
                headers = response.headers
                assert headers["x-content-type-options"] == "nosniff", path
                assert headers["referrer-policy"], path
                assert headers["cross-origin-opener-policy"], path
                assert headers["x-request-id"], path
                policy = headers["content-security-policy"]
                assert "default-src 'none'" in policy, path
                assert "frame-ancestors 'none'" in policy, path
                if "text/html" in headers.get("content-type", ""):
                    assert "base-uri 'none'" in policy, path
                    assert "form-action" in policy, path
                assert not re.search(r"unsafe-inline|unsafe-eval|script-src[^;]*\*", policy), path


def test_a_page_of_another_origin_gets_no_credentials_and_no_wildcard(folder: Path) -> None:
    """Tried by hand: `allow_credentials=True`, then `allow_origins=["*"]` in the CORS middleware; each fails."""
    for origins, allowed in (((), None), (("https://site.example",), "https://site.example"), (("*",), "*")):
        with service(hashed_state(folder, allowed_origins=origins)) as client:
            for origin in ("https://site.example", "https://evil.example", "null", "https://site.example.evil.example"):
                response = client.get("/livez", headers={"origin": origin})
                expected = allowed if allowed in {None, "*", origin} else None
                assert response.headers.get("access-control-allow-origin") == expected
                assert "access-control-allow-credentials" not in response.headers
                asked = {"access-control-request-method": "POST", "access-control-request-headers": "authorization"}
                preflight = client.options("/v1/admin/reload", headers={"origin": origin, **asked})
                assert preflight.is_success == (expected is not None)
