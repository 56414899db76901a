"""The English rendering says what the Arabic says: the same paragraphs, symbols, numbers, names and sentences."""

import json
import re

import pytest

from corpus.reports import BUNDLED, load_report

REPORT = "kyoto-2021-workshop-4"
ENGLISH_PARAGRAPHS = {str(p.ref): p.text for p in load_report(REPORT).rendering("en").paragraphs}
ARABIC_PARAGRAPHS = {str(p.ref): p.text for p in load_report(REPORT).rendering("ar").paragraphs}
NAMES = json.loads((BUNDLED / REPORT / "names.json").read_text("utf-8"))
CORRECTIONS = json.loads((BUNDLED / REPORT / "corrections.json").read_text("utf-8"))

each_paragraph = pytest.mark.parametrize("ref", ARABIC_PARAGRAPHS)


def symbols(text: str) -> list[str]:
    """United Nations document symbols, such as A/CONF.234/RPM.1/1."""
    return sorted(re.findall(r"A/CONF\.\d+(?:/[A-Z]*\.?\d+)+", text))


def numbers(text: str) -> list[str]:
    """Numbers in digits; `3D` is a word, which Arabic spells out."""
    in_order = text.replace("247/74", "74/247")  # Arabic prints the resolution's session last
    return sorted(re.findall(r"(?<![A-Za-z\d])\d+(?![A-Za-z\d])", in_order))


def sentences(text: str) -> int:
    return len(re.findall(r"[.?!؟](?=\s|$)", text))


def panel(text: str) -> list[str]:
    """The entries of a list of panellists: what stands between the colon and the full stop, at each semicolon."""
    entries = re.split(r"[;؛]", text[text.rindex(": ") + 2 :])
    return [entry.strip().removeprefix("and ") for entry in entries]


def named_in(ref: str, language: str) -> list[str]:
    return [row[language] for row in NAMES["persons"] if ref in row["paragraphs"]]


def test_both_languages_have_the_same_36_paragraphs_in_the_same_order() -> None:
    assert list(ENGLISH_PARAGRAPHS) == list(ARABIC_PARAGRAPHS)
    assert len(ENGLISH_PARAGRAPHS) == 36
    assert list(ENGLISH_PARAGRAPHS)[:2] == ["1", "1(a)"]
    assert list(ENGLISH_PARAGRAPHS)[-1] == "21(k)"


@each_paragraph
def test_every_document_symbol_is_in_both(ref: str) -> None:
    assert symbols(ENGLISH_PARAGRAPHS[ref]) == symbols(ARABIC_PARAGRAPHS[ref])


def test_document_symbols_are_found_at_all() -> None:
    assert symbols(ENGLISH_PARAGRAPHS["1(d)"]) == [f"A/CONF.234/RPM.{n}/1" for n in range(1, 6)]


@each_paragraph
def test_every_number_is_in_both(ref: str) -> None:
    assert numbers(ENGLISH_PARAGRAPHS[ref]) == numbers(ARABIC_PARAGRAPHS[ref])


def test_the_resolution_is_written_each_languages_way() -> None:
    assert "resolution 74/247" in ENGLISH_PARAGRAPHS["11"]
    assert "247/74" in ARABIC_PARAGRAPHS["11"]


@each_paragraph
def test_sentences_run_in_parallel(ref: str) -> None:
    assert abs(sentences(ENGLISH_PARAGRAPHS[ref]) - sentences(ARABIC_PARAGRAPHS[ref])) <= 1


@each_paragraph
def test_a_paragraph_ends_alike_in_both(ref: str) -> None:
    endings = {".": ".", "؛": ";", ":": ":"}
    assert ENGLISH_PARAGRAPHS[ref][-1] == endings[ARABIC_PARAGRAPHS[ref][-1]]


@each_paragraph
def test_the_english_is_complete_and_adds_nothing(ref: str) -> None:
    # What stands in brackets the Arabic does not have, and where it has one verb (تكلم) English has a formula.
    english = re.sub(r" \[[^]]*\]|Statements were made|A statement was also made", "", ENGLISH_PARAGRAPHS[ref])
    assert 0.7 <= len(english) / len(ARABIC_PARAGRAPHS[ref]) <= 1.9


@each_paragraph
def test_the_english_has_no_arabic_letter(ref: str) -> None:
    assert not re.search(r"[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]", ENGLISH_PARAGRAPHS[ref])


@pytest.mark.parametrize("kind", ["persons", "organisations", "countries"])
def test_every_name_stands_in_each_of_its_paragraphs_in_both(kind: str) -> None:
    absent = [
        (ref, row[language])
        for row in NAMES[kind]
        for ref in row["paragraphs"]
        for language, text in (("ar", ARABIC_PARAGRAPHS[ref]), ("en", ENGLISH_PARAGRAPHS[ref]))
        if row[language] not in text
    ]
    assert absent == []


@pytest.mark.parametrize("kind", ["persons", "organisations", "countries"])
def test_a_name_lists_every_paragraph_that_has_it_in_both(kind: str) -> None:
    for row in NAMES[kind]:
        both = [ref for ref in ARABIC_PARAGRAPHS if row["ar"] in ARABIC_PARAGRAPHS[ref]]
        assert row["paragraphs"] == [ref for ref in both if row["en"] in ENGLISH_PARAGRAPHS[ref]]


@pytest.mark.parametrize("ref", ["2", "3", "5", "7"])
def test_every_panellist_is_named_in_both_in_the_same_order(ref: str) -> None:
    english, arabic = panel(ENGLISH_PARAGRAPHS[ref]), panel(ARABIC_PARAGRAPHS[ref])
    assert len(english) == len(arabic)
    for ours, theirs in zip(english, arabic, strict=True):
        there = [row["en"] for row in NAMES["persons"] if row["ar"] in theirs]
        assert there
        assert ours.startswith(there[0])
        assert [name for name in named_in(ref, "en") if name in ours] == there  # two share one entry in 5


@pytest.mark.parametrize(("ref", "people"), [("2", 3), ("3", 6), ("5", 7), ("7", 8)])
def test_a_panel_has_as_many_people_in_both(ref: str, people: int) -> None:
    capitalised = re.compile(r"(?:^|(?<= and ))[A-Z][\w-]+(?: (?:del )?[A-Z][\w-]+)+")
    found = [name for entry in panel(ENGLISH_PARAGRAPHS[ref]) for name in capitalised.findall(entry.split(",")[0])]
    assert sorted(found) == sorted(named_in(ref, "en"))
    assert len(found) == len(named_in(ref, "ar")) == people


def test_a_name_that_was_not_found_published_is_told_from_the_others() -> None:
    assert NAMES["romanisation"]
    assert {row["en"] for row in NAMES["persons"] if row["basis"] == "unverified"} == {
        "José Romero Morgan",
        "María Jiménez Victorio",
        "Jo Harlos",
        "Jin Anir",
        "Francis Chang",
    }
    assert {row["basis"] for row in NAMES["persons"]} == {"published", "unverified"}


def test_the_title_of_the_guide_is_emphasised_in_both() -> None:
    guide = next(row for row in NAMES["organisations"] if row["en"].startswith("Practical Guide"))
    for language in ("ar", "en"):
        [paragraph] = [p for p in load_report(REPORT).rendering(language).paragraphs if str(p.ref) == "20"]
        [span] = paragraph.emphasis
        assert paragraph.text[span.start : span.end] == guide[language]


@pytest.mark.parametrize("row", CORRECTIONS, ids=lambda row: f"{row['ref']} {row['read']}")
def test_a_correction_changes_the_words_and_says_why_in_both_languages(row: dict[str, str]) -> None:
    assert list(row) == ["ref", "printed", "read", "certainty", "why", "why_ar"]
    assert row["printed"] != row["read"]
    assert row["read"] in ARABIC_PARAGRAPHS[row["ref"]]
    assert row["certainty"] in {"certain", "probable"}
    assert row["why"].endswith(".")
    assert row["why_ar"].endswith(".")
    assert re.search(r"[\u0621-\u064a]", row["why_ar"])


def test_the_less_certain_corrections_are_told_from_the_others() -> None:
    probable = {(row["ref"], row["read"]) for row in CORRECTIONS if row["certainty"] == "probable"}
    assert probable == {
        ("7", "شيول-كيو هوانغ"),
        ("10", "وشُدِّد على"),
        ("14", "مرض فيروس كورونا"),
        ("17", "للإنتربول"),
    }


def test_the_institute_is_interregional_and_structures_stand_as_printed() -> None:
    for ref in ("5", "7", "17"):
        assert "معهد الأمم المتحدة الأقاليمي لبحوث الجريمة والعدالة" in ARABIC_PARAGRAPHS[ref]
    assert "بنيات متخصصة" in ARABIC_PARAGRAPHS["10"]


ABBREVIATIONS = ("ILANUD", "PICUM", "UNICRI", "INTERPOL", "UNAFEI", "Guardia Civil")


@each_paragraph
def test_an_abbreviation_that_the_arabic_lacks_stands_in_square_brackets(ref: str) -> None:
    """The Innovation Centre of 17 is INTERPOL's in the Arabic too: الإنتربول."""
    for name in ABBREVIATIONS:
        for at in (found.start() for found in re.finditer(name, ENGLISH_PARAGRAPHS[ref])):
            around = ENGLISH_PARAGRAPHS[ref][at - 1 : at + len(name) + 1]
            assert around == f"[{name}]" or (ref, around) == ("17", " INTERPOL ")


@pytest.mark.parametrize(
    ("ref", "words"),
    [
        ("1", "At its 4th to 6th meetings, on 10 and 11 March 2021, Committee II held a workshop"),
        ("1", "in particular new technologies as means for and tools against crime"),
        ("1(a)", "in particular new technologies as means for and tools against crime"),
        ("1(b)", "developments regarding crime prevention and criminal justice as a result of the coronavirus disease"),
        ("3", "Hayato Shigekawa, Chainalysis;"),
        ("3", "cryptocurrencies and darknet markets"),
        ("4", "Statements were made by the representatives of the Russian Federation"),
        ("5", "was led by the following panellists"),
        ("6", "Statements were made by the representatives of Italy"),
        ("7", "was led by the following panellists"),
        ("8", "Statements were made by the representatives of Canada"),
        ("9", "facilitate the transport of weapons"),
        ("11", "an open-ended ad hoc intergovernmental committee of experts"),
        ("18", "videoconferencing"),
        ("21(a)", "in the darknet market"),
    ],
)
def test_the_english_uses_the_terms_of_united_nations_documents(ref: str, words: str) -> None:
    """Each as in documents that have the same matter, such as resolution 74/247 and A/CONF.222/L.3/Add.1."""
    assert words in ENGLISH_PARAGRAPHS[ref]


def test_the_title_page_says_what_the_english_is() -> None:
    english = load_report(REPORT).rendering("en")
    assert "English (unofficial rendering from the Arabic) Original: English" in english.title("masthead")
    assert english.title("subject").endswith("in particular new technologies as means for and tools against crime")
    assert english.headings == ("Proceedings", "Summary by the Chair")
