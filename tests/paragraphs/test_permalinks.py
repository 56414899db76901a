"""Permalinks: one address a paragraph, that says when the text has changed and shows the quote in it."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from corpus.records import Report
from corpus.refs import Ref, parse_ref
from tests.support.html_pages import ID, page


@pytest.mark.model
@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("21/k", "21(k)"),
        ("21k", "21(k)"),
        ("21.k", "21(k)"),
        ("٢١/ك", "21(k)"),
        ("٢١ (ك)", "21(k)"),
        ("الفقرة ٢١ (ك)", "21(k)"),
        ("21(K)", "21(k)"),
        ("21(k)/", "21(k)"),
        ("٩", "9"),
        ("para. 9", "9"),
    ],
)
def test_other_ways_to_write_a_number_lead_to_the_canonical_link(
    client: TestClient, written: str, canonical: str
) -> None:
    response = client.get(f"/p/{ID}/{written}?lang=en&v=1f3a9c02&start=0", follow_redirects=False)
    assert response.status_code == 308
    assert response.headers["location"] == f"/p/{ID}/{canonical}?lang=en&v=1f3a9c02&start=0"
    bare = client.get(f"/p/{ID}/{written}", follow_redirects=False)
    assert bare.headers["location"] == f"/p/{ID}/{canonical}"


@pytest.mark.model
def test_a_permalink_without_a_paragraph_leads_to_the_report(client: TestClient) -> None:
    for path in (f"/p/{ID}?lang=en", f"/p/{ID}/?lang=en"):
        assert client.get(path).url.path == f"/reports/{ID}"


@pytest.mark.model
def test_the_canonical_link_does_not_redirect(client: TestClient) -> None:
    for written in ("21(k)", "21%28k%29", "9"):
        assert client.get(f"/p/{ID}/{written}", follow_redirects=False).status_code == 200


@pytest.mark.model
def test_a_permalink_says_when_the_text_has_changed_since(client: TestClient, report: Report) -> None:
    digest = report.rendering("en").by_ref[Ref(9)].text_sha256
    changed = "has changed since this link was made"
    for same in ("", "&v=", f"&v={digest[:8]}", f"&v={digest[:8].upper()}", f"&v={digest}"):
        assert changed not in page(client, f"/p/{ID}/9?lang=en{same}").text
    for other in ("deadbeef", digest[:4], "zz", "%00"):
        tree = page(client, f"/p/{ID}/9?lang=en&v={other}&start=0&end=9")
        assert changed in tree.text
        assert "not highlighted" in tree.text
        assert not tree.all("mark")
    assert "not highlighted" not in page(client, f"/p/{ID}/9?lang=en&v=deadbeef").text


@pytest.mark.model
def test_a_link_without_a_language_opens_in_the_one_that_it_was_made_from(client: TestClient, report: Report) -> None:
    digest = report.rendering("en").by_ref[Ref(9)].text_sha256[:8]
    response = client.get(f"/p/{ID}/9?v={digest}", headers={"accept-language": "ar"})
    assert response.headers["content-language"] == "en"


@pytest.mark.model
def test_the_quote_is_highlighted_at_its_offsets(client: TestClient, report: Report) -> None:
    text = report.rendering("ar").by_ref[parse_ref("21(k)")].text
    html = client.get(f"/p/{ID}/21(k)?lang=ar&start=0&end=24").text
    assert f'<mark id="quote" tabindex="-1">{text[:24]}</mark>' in html
    whole = client.get(f"/p/{ID}/21(k)?lang=ar&start=0&end={len(text)}").text
    assert f'<mark id="quote" tabindex="-1">{text}</mark>' in whole


@pytest.mark.model
@pytest.mark.parametrize(
    "query", ["start=5", "end=5", "start=5&end=5", "start=9&end=5", "start=0&end=99999", "start=-1&end=5",
              "start=a&end=b", "start=0&end=" + "9" * 5000, "start=٠&end=٥", "start=0x1&end=5", "start=&end="],
)  # fmt: skip
def test_offsets_that_fit_nothing_are_ignored(client: TestClient, query: str) -> None:
    assert not page(client, f"/p/{ID}/9?lang=en&{query}").all("mark")


@pytest.mark.model
def test_a_sub_paragraph_stands_in_its_surroundings(client: TestClient, report: Report) -> None:
    tree = page(client, f"/p/{ID}/21(e)?lang=en")
    english = report.rendering("en").by_ref
    for ref in ("21", "21(d)", "21(e)", "21(f)", "21(a)"):
        assert english[parse_ref(ref)].text in tree.text
    assert len(tree.all("details", **{"class": "folded sub"})) == 2
    assert "(a) to (c)" in tree.text
    assert report.rendering("ar").by_ref[parse_ref("21(e)")].text in tree.text
    hrefs = [attrs["href"] for attrs in tree.all("a")]
    assert f"/reports/{ID}?lang=en#para_21__subpara_e" in hrefs
    assert any(href.startswith(f"/p/{ID}/21(d)?lang=en&v=") for href in hrefs)
    assert any(href.startswith(f"/p/{ID}/21(f)?lang=en&v=") for href in hrefs)


@pytest.mark.model
def test_a_paragraph_with_sub_paragraphs_shows_them(client: TestClient, report: Report) -> None:
    tree = page(client, f"/p/{ID}/21?lang=ar")
    arabic = report.rendering("ar").by_ref
    assert all(arabic[ref].text in tree.text for ref in report.children(Ref(21)))
    assert arabic[Ref(20)].text in tree.text
