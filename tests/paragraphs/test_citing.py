"""A paragraph taken elsewhere: in the formats of other programs, and as what a pasted link unfolds to."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient
from lxml import etree
from lxml import html as lxml_html

from corpus.records import Language, Report
from corpus.refs import parse_ref
from service.paragraphs.formats import FORMATS, MEDIA_TYPES, Excerpt, write
from tests.support.paths import REPORT_ID

pytestmark = pytest.mark.model

AKN = {"a": "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"}
CITED = {
    "en": "Report of Committee II: workshop 4, para. 21 (k) (unofficial English rendering)",
    "ar": "تقرير اللجنة الثانية: حلقة العمل 4، الفقرة 21 (ك)",
}


def get(client: TestClient, ref: str, **params: str) -> Any:
    response = client.get(f"/v1/paragraphs/{ref}", params=params)
    assert response.status_code == 200, response.text
    return response


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("name", FORMATS)
def test_each_format_has_the_words_the_number_and_the_link(
    client: TestClient, report: Report, name: Any, language: Language
) -> None:
    response = get(client, "21(k)", format=name, lang=language)
    assert response.headers["content-type"].partition(";")[0] == MEDIA_TYPES[name]
    paragraph = report.rendering(language).by_ref[parse_ref("21k")]
    assert f"/p/{REPORT_ID}/21(k)?lang={language}" in response.text or name == "akn"
    if name in {"json", "text", "md", "akn"}:
        assert paragraph.text in response.text
        assert report.rendering(language).by_ref[parse_ref("21")].text in response.text
    if name in {"text", "md"}:
        assert CITED[language] in response.text


def test_accept_chooses_and_the_address_wins(client: TestClient) -> None:
    for name, media_type in MEDIA_TYPES.items():
        for path in ("/v1/paragraphs/9", f"/v1/reports/{REPORT_ID}/paragraphs/9"):
            found = client.get(path, headers={"accept": f"{media_type}, */*;q=0.1"})
            assert found.headers["content-type"].partition(";")[0] == media_type, name
            assert "accept" in found.headers["vary"]
    markdown = {"accept": "text/markdown"}
    assert client.get("/v1/paragraphs/9?format=json", headers=markdown).json()["paragraphs"]
    browser = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    assert client.get("/v1/paragraphs/9", headers=browser).headers["content-type"] == "application/json"
    assert client.get("/v1/paragraphs/9", headers={"accept": "image/png"}).status_code == 200


def test_a_permanent_link_leads_a_reference_manager_to_its_format_and_everyone_else_to_the_page(
    client: TestClient,
) -> None:
    """Taken out by hand (`_data_path`), a reference manager gets a page."""
    link = link_of(client, "en")
    for name, media_type in MEDIA_TYPES.items():
        found = client.get(link, headers={"accept": f"{media_type}, text/html;q=0.5"})
        [step] = found.history
        assert (step.status_code, "Accept-Language, Accept" in step.headers["vary"]) == (303, True)
        assert found.headers["content-type"].partition(";")[0] == media_type
        assert found.text == get(client, "21(k)", format=name, lang="en").text
    for accept in ("*/*", "", "text/html,application/xhtml+xml,*/*;q=0.8", "text/html, application/json", "image/png"):
        found = client.get(link, headers={"accept": accept})
        assert (found.history, found.headers["content-type"]) == ([], "text/html; charset=utf-8")
    assert client.get(f"/p/{REPORT_ID}/22", headers={"accept": "application/json"}).status_code == 404
    assert client.get("/v1/paragraphs/9?format=docx").status_code == 422


def test_each_format_has_a_tag_of_its_own(client: TestClient) -> None:
    tags = {name: get(client, "9", format=name).headers["etag"] for name in FORMATS}
    assert len(set(tags.values())) == len(FORMATS)
    same = client.get("/v1/paragraphs/9?format=md", headers={"if-none-match": tags["md"]})
    assert same.status_code == 304


def test_bibtex_escapes_what_tex_would_read(client: TestClient, report: Report) -> None:
    entry = get(client, "9,21(k)", format="bibtex", lang="en").text
    assert re.findall(r"^@misc\{(.+),$", entry, re.MULTILINE) == [f"{REPORT_ID}-9-en", f"{REPORT_ID}-21k-en"]
    assert entry.count("{") == entry.count("}")
    assert "note = {para. 21 (k) (unofficial English rendering)}" in entry
    assert "langid = {english}" in entry
    odd = report.rendering("en").front_matter[0].__class__("title", r"50% of A_B & {C} \ #1")
    rendering = report.rendering("en").__class__(**{**vars_of(report), "front_matter": (odd,)})
    titled = report.__class__(report.id, (rendering,))
    written = write(Excerpt(titled, rendering, [parse_ref("9")]), "bibtex")
    assert r"50\% of A\_B \& \textbraceleft{}C\textbraceright{} \textbackslash{} \#1" in written
    assert written.count("{") == written.count("}")


def vars_of(report: Report) -> dict[str, Any]:
    own = report.rendering("en")
    return {name: getattr(own, name) for name in own.__dataclass_fields__}


def test_csl_json_names_the_place(client: TestClient) -> None:
    [item] = get(client, "21(k)", format="csl-json", lang="ar").json()
    assert (item["type"], item["language"], item["section"]) == ("report", "ar", "21 (ك)")
    assert item["note"] == "الفقرة 21 (ك)"
    assert item["URL"].startswith("http://localhost/p/")


def test_akoma_ntoso_nests_a_sub_paragraph_in_its_paragraph(client: TestClient, report: Report) -> None:
    root = etree.fromstring(get(client, "21(k)", format="akn", lang="en").content)
    assert root.xpath("//a:subparagraph/@eId", namespaces=AKN) == ["para_21__subpara_k"]
    assert root.xpath("//a:paragraph/@eId", namespaces=AKN) == ["para_21"]
    assert root.xpath("//a:num/text()", namespaces=AKN) == ["21.", "(k)"]
    assert root.xpath("string(//a:content/a:p)", namespaces=AKN) == report.rendering("en").by_ref[parse_ref("21k")].text
    assert root.xpath("//a:FRBRlanguage/@language", namespaces=AKN) == ["eng"]
    whole = etree.fromstring(get(client, "9-10", format="akn").content)
    assert whole.xpath("//a:paragraph/@eId", namespaces=AKN) == ["para_9", "para_10"]


def link_of(client: TestClient, language: str = "en", **more: object) -> str:
    [paragraph] = get(client, "21(k)", lang=language).json()["paragraphs"]
    return f"http://localhost{paragraph['url']}" + "".join(f"&{name}={value}" for name, value in more.items())


def test_a_pasted_link_unfolds_to_the_paragraph(client: TestClient, report: Report) -> None:
    link = link_of(client)
    page = lxml_html.fromstring(client.get(link, headers={"accept": "text/html"}).text)
    [discovered] = page.xpath("//link[@type='application/json+oembed']/@href")
    embed = client.get(discovered).json()
    assert (embed["version"], embed["type"], embed["title"]) == ("1.0", "rich", CITED["en"])
    assert {"html", "width", "height", "provider_url"} <= embed.keys()
    quote = lxml_html.fromstring(embed["html"])
    assert quote.findtext("p") == report.rendering("en").by_ref[parse_ref("21k")].text
    assert (quote.get("dir"), quote.get("lang")) == ("ltr", "en")
    assert client.get(quote.get("cite")).status_code == 200


def test_a_link_to_a_quotation_unfolds_to_its_words(client: TestClient, report: Report) -> None:
    """Taken out by hand (the description's `replace`, then oEmbed's span), each shows the paragraph's beginning."""
    text = report.rendering("ar").by_ref[parse_ref("21k")].text
    link = link_of(client, "ar", start=6, end=30)
    page = lxml_html.fromstring(client.get(link, headers={"accept": "text/html"}).text)
    assert page.xpath("//meta[@property='og:description']/@content") == [text[6:30]]
    [discovered] = page.xpath("//link[@type='application/json+oembed']/@href")
    quote = lxml_html.fromstring(client.get(discovered).json()["html"])
    assert (quote.findtext("p"), quote.get("dir")) == (text[6:30], "rtl")
    stale = client.get(f"/oembed?{urlencode({'url': re.sub('v=[0-9a-f]+', 'v=00000000', link)})}").json()
    assert lxml_html.fromstring(stale["html"]).findtext("p") == text


@pytest.mark.parametrize(
    ("url", "status"),
    [
        (f"https://evil.example/p/{REPORT_ID}/9", 404),
        ("http://localhost/docs", 404),
        (f"http://localhost/x/p/{REPORT_ID}/9", 404),
        ("http://localhost/p/nowhere/9", 404),
        (f"http://localhost/p/{REPORT_ID}/22", 404),
        (f"http://localhost/p/{REPORT_ID}/hello", 422),
        ("//[", 404),
        ("", 404),
    ],
)
def test_what_is_no_permanent_link_of_this_service_is_refused(client: TestClient, url: str, status: int) -> None:
    response = client.get("/oembed", params={"url": url})
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")


def test_other_oembed_formats_are_501_and_a_width_is_kept_to(client: TestClient) -> None:
    assert client.get("/oembed", params={"url": link_of(client), "format": "xml"}).status_code == 501
    assert client.get("/oembed", params={"url": link_of(client), "format": "yaml"}).status_code == 422
    assert client.get("/oembed", params={"url": link_of(client), "maxwidth": 320}).json()["width"] == 320
