"""The grammar of paragraph references: what is read, what is refused, what is found in running text."""

import re

import pytest

from corpus.refs import ACCEPTED_FORMS, UnreadableReference, find_refs, parse_ref, parse_refs

# One line a reference: written form → canonical refs. `\u` escapes stand for what cannot be seen.
READ = r"""
21                                          → 21
0021                                        → 21
21(k)                                       → 21(k)
21 (k)                                      → 21(k)
21 ( K )                                    → 21(k)
21k                                         → 21(k)
21 k                                        → 21(k)
21.k                                        → 21(k)
21. k                                       → 21(k)
21.(k)                                      → 21(k)
21/k                                        → 21(k)
21-k                                        → 21(k)
21[k]                                       → 21(k)
(21)(k)                                     → 21(k)
(9)                                         → 9
[21(k)]                                     → 21(k)
【21(k)】                                    → 21(k)
(k) 21                                      → 21(k)
21aa                                        → 21(aa)
21(bb)                                      → 21(bb)
21 (ك)                                      → 21(k)
٢١(ك)                                       → 21(k)
٢١ك                                         → 21(k)
٢١/ك                                        → 21(k)
۲۱                                          → 21
۲۱(ک)                                       → 21(k)
２１（Ｋ）                                    → 21(k)
٢١﴿ك﴾                                       → 21(k)
21﴾k﴿                                       → 21(k)
21(أ)                                       → 21(a)
21(إ)                                       → 21(a)
21(آ)                                       → 21(a)
21(ا)                                       → 21(a)
21(ٱ)                                       → 21(a)
21(ء)                                       → 21(a)
21(هـ)                                      → 21(e)
21 ه                                        → 21(e)
21(ہ)                                       → 21(e)
21(ة)                                       → 21(e)
21(و)                                       → 21(f)
21و                                         → 21(f)
21ي                                         → 21(j)
21ى                                         → 21(j)
21ی                                         → 21(j)
21(غ)                                       → 21(bb)
21(ظ)                                       → 21(aa)
\ufeff٢١\u200f (\u200fك\u200f)              → 21(k)
\u206721\u2069\u00a0\u200e(k)               → 21(k)
٢١ (\ufed9)                                 → 21(k)
٢١ (كَ)                                      → 21(k)
para 21                                     → 21
para. 21 (k)                                → 21(k)
PARA.21(K)                                  → 21(k)
paras. 9-11                                 → 9-11
para. no. 9                                 → 9
paragraph(s) 9                              → 9
paragraph 21, subparagraph (k)              → 21(k)
paragraph 21 sub-paragraph k                → 21(k)
paragraph 21 subparagraphs (a) to (c)       → 21(a)-21(c)
subparagraph (b) of paragraph 21            → 21(b)
sub-para. (a) of para. 21                   → 21(a)
item (b) of paragraph 21                    → 21(b)
(a) and (b) of paragraph 21                 → 21(a) 21(b)
subparagraphs (a) to (c) of paragraph 21    → 21(a)-21(c)
subparagraph 21(k)                          → 21(k)
in paragraph 21                             → 21
see paragraph 9                             → 9
§ 21 (k)                                    → 21(k)
§§ 9–11                                     → 9-11
¶21                                         → 21
#21                                         → 21
no. 9                                       → 9
№ 9                                         → 9
number 9                                    → 9
para_21__subpara_k                          → 21(k)
para_21                                     → 21
الفقرة 21 (ك)                               → 21(k)
الفقرة (21)                                 → 21
الفقرة21                                    → 21
الفقرة رقم 21                               → 21
الفقرة رقم (٢١) (ك)                         → 21(k)
الفَقْرَةُ ٢١                               → 21
الفقـــرة ٢١                                → 21
ﺍﻟﻔﻘﺮﺓ ٢١ (ﻙ)                               → 21(k)
الفقره 21                                   → 21
فقرة 9                                      → 9
في الفقرة 9                                 → 9
بالفقرة 9                                   → 9
للفقرة 9                                    → 9
كالفقرة 9                                   → 9
والفقرة 9                                   → 9
وبالفقرة 9                                  → 9
فللفقرة 9                                   → 9
ف 21                                        → 21
ف. ٢١ (ك)                                   → 21(k)
الفقرة ٢١ الفقرة الفرعية (ك)                → 21(k)
الفقرة ٢١، الفقرة الفرعية (ك)               → 21(k)
الفقرة الفرعية (ج) من الفقرة 21             → 21(c)
الفقرة الفرعية ك من الفقرة 21               → 21(k)
الفقرتان الفرعيتان (أ) و(ب) من الفقرة 21    → 21(a) 21(b)
البند (ج) من الفقرة 21                      → 21(c)
(ب) من الفقرة 21                            → 21(b)
9-11                                        → 9-11
9 — 11                                      → 9-11
٩ـ١١                                        → 9-11
9-9                                         → 9
9 to 11                                     → 9-11
9 through 11                                → 9-11
from 9 until 11                             → 9-11
from paragraph 9 to paragraph 11            → 9-11
الفقرات من 9 إلى 11                         → 9-11
من الفقرة 9 الى الفقرة 11                   → 9-11
الفقرات ٩ حتى ١١                            → 9-11
21(a)-(c)                                   → 21(a)-21(c)
21(a)-c                                     → 21(a)-21(c)
21a-c                                       → 21(a)-21(c)
21 (a) to 21 (c)                            → 21(a)-21(c)
21(أ) إلى (ج)                               → 21(a)-21(c)
9 and 12                                    → 9 12
9 & 12                                      → 9 12
9 or 12                                     → 9 12
9,12,21(b)                                  → 9 12 21(b)
9; 12؛ 21(ب)، 3                             → 9 12 21(b) 3
9-11, 21(a), and 21(k)                      → 9-11 21(a) 21(k)
21(a), (c) and (k)                          → 21(a) 21(c) 21(k)
para. 9 and para. 12                        → 9 12
الفقرتان 9 و10                              → 9 10
الفقرتين ٩ و ١٠                             → 9 10
الفقرة 9و12                                 → 9 12
الفقرات 9 و12 و21 (ب)                       → 9 12 21(b)
21 (أ) و(ج)                                 → 21(a) 21(c)
21 أ وج                                     → 21(a) 21(c)
paragraph eleven                            → 11
paragraph twenty-one (k)                    → 21(k)
paragraph ninety nine                       → 99
the eleventh paragraph                      → 11
the twenty-first paragraph (k)              → 21(k)
the 21st paragraph                          → 21
the ninth and tenth paragraphs              → 9 10
الفقرة الأولى                               → 1
الفقرة الاولي                               → 1
الفقرة التاسعة                              → 9
الفقرة العاشرة                              → 10
الفقرة الحادية عشرة                         → 11
الفقرة الثانية عشرة                         → 12
الفقرة أحد عشر                              → 11
الفقرة اثنتا عشرة                           → 12
الفقرة العشرون                              → 20
الفقرة الحادية والعشرون                     → 21
الفقرة الحادية و العشرين (ك)                → 21(k)
الفقرة واحد وعشرون                          → 21
الفقرتان التاسعة والعاشرة                   → 9 10
ثاني فقرة                                   → 2
 21(k).                                     → 21(k)
الفقرة ٢١ (ك)؟                              → 21(k)
2 bis                                       → 2bis
2bis                                        → 2bis
2 Bis                                       → 2bis
2-bis                                       → 2bis
2/bis                                       → 2bis
2 (bis)                                     → 2bis
(2 bis)                                     → 2bis
(2) bis                                     → 2bis
[2bis]                                      → 2bis
[2 bis (a)]                                 → 2bis(a)
2 bis (a)                                   → 2bis(a)
2bis(a)(iii)                                → 2bis(a)(iii)
2 bis a                                     → 2bis(a)
para. 2 ter                                 → 2ter
paragraph two quater                        → 2quater
2 quinquies                                 → 2quinquies
2 sexies                                    → 2sexies
2 septies                                   → 2septies
2 octies                                    → 2octies
2 nonies                                    → 2nonies
2 novies                                    → 2nonies
2 decies                                    → 2decies
para_2bis__subpara_a                        → 2bis(a)
٢ مكرر                                      → 2bis
٢مكررا                                      → 2bis
٢ مكرراً                                    → 2bis
٢ مكررًا (أ)                                → 2bis(a)
٢ مكررة                                     → 2bis
٢/مكررا                                     → 2bis
٢ (مكررا)                                   → 2bis
الفقرة (٢ مكررا)                            → 2bis
الفقرة (٢) مكررا (أ)                        → 2bis(a)
الفقرة الثانية مكررا                        → 2bis
الفقرة الثانية المكررة                      → 2bis
٢ مكررا ثانيا                               → 2ter
٢ مكرراً ثانياً (ب)                         → 2ter(b)
٢ (مكررا ثالثا)                             → 2quater
٢ مكررا تاسعا                               → 2decies
(أ) من الفقرة ٢ مكررا                       → 2bis(a)
subparagraphs (a) to (c) of paragraph 2 bis → 2bis(a)-2bis(c)
2 bis (a) and (c)                           → 2bis(a) 2bis(c)
2 bis to 4                                  → 2bis-4
2bis-4                                      → 2bis-4
2 bis and ter                               → 2bis 2ter
2 bis, ter and quater                       → 2bis 2ter 2quater
2 bis to quater                             → 2bis-2quater
الفقرات من ٢ مكررا إلى ٤                    → 2bis-4
الفقرتان ٢ مكررا و٢ مكررا ثانيا             → 2bis 2ter
annex I, para. 2 bis                        → annex1:2bis
annex1:2bis(a)                              → annex1:2bis(a)
paragraph 2 bis of annex II                 → annex2:2bis
"""

REFUSED = r"""
0 | 00 | 12345 | 99999999999999999999 | 9.5 | 74/247 | 9% | 5kg | 1e3 | +9 | -9 | 9- | 9 – | ../x | / | . | ، | ؟ | k
(k) | 21( | 21)k( | 21(k)) | [9 | 9] | [21(k)) | () | 21() | 21((k)) | 21(a)(b) | 21 a b | 9 12 | 9,
,9 | 9,,12 | 9 and | و | 21(ñ) | 21(k\u0301) | 21(پ) | 21(cc) | 21(ii) | 21(bbb) | 21² | 21① | ๒๑ | ²
11-9 | 21(c)-(a) | 9-11(k) | 21(a)-22 | 21(a)-22(b) | 9 to (c) | 9 to 11 to 12 | from 9 | between 9 and 11
9, (c) | A/CONF.234/15 | paragraph | para. | paragraph k | subparagraph (k) | subparagraph 3 of paragraph 21 | item 9
paragraph one hundred | paragraph zero | الفقرة | الفقرة الأخيرة | الفقرة مائة | ماذا | 21 كل
21(k)\x00 | \ud800 | \u200f
bis | 2 and bis | 2 bis bis | 2bis5 | 2bisa | 2 bis (3) | 2 undecies | 2 ter and bis | 2ter-2bis | 2bis-2 | 2 terms
2 bisect | مكررا | ٢ مكررا عاشرا | ٢ (ثانيا) | 2 bis(a)-3 | 2bis(a)-3(b)
"""

# A sentence → the canonical refs of its one mention, and the words that the mention covers.
FOUND = r"""
What does paragraph 21 (k) say?                         → 21(k)             in paragraph 21 (k)
What does paragraph 21 k say?                           → 21(k)             in paragraph 21 k
ماذا جاء في الفقرة ٢١ (ك)؟                              → 21(k)             in الفقرة ٢١ (ك)
summarise para 9                                        → 9                 in para 9
لخّص الفقرة ١٧                                          → 17                in الفقرة ١٧
compare paras 9 and 12                                  → 9 12              in paras 9 and 12
what do para 9 and 12 say                               → 9 12              in para 9 and 12
قارن بين الفقرتين 9 و 12                                → 9 12              in الفقرتين 9 و 12
What is 21(k) about?                                    → 21(k)             in 21(k)
what does the eleventh paragraph say                    → 11                in eleventh paragraph
what do the ninth and tenth paragraphs say              → 9 10              in ninth and tenth paragraphs
the 21st paragraph says                                 → 21                in 21st paragraph
paragraph nine says                                     → 9                 in paragraph nine
ما مضمون الفقرة الحادية والعشرين                        → 21                in الفقرة الحادية والعشرين
ما الذي تقوله الفقرتان التاسعة والعاشرة؟                → 9 10              in الفقرتان التاسعة والعاشرة
ما أول فقرة؟                                            → 1                 in أول فقرة
see subparagraphs 21(a) to (c) here                     → 21(a)-21(c)       in subparagraphs 21(a) to (c)
as subparagraph (b) of paragraph 21 says                → 21(b)             in subparagraph (b) of paragraph 21
تنص الفقرة الفرعية (ج) من الفقرة 21 على                 → 21(c)             in الفقرة الفرعية (ج) من الفقرة 21
paragraph 21, subparagraph (k), says                    → 21(k)             in paragraph 21, subparagraph (k)
paras. 21(a) and item (b) of para. 9.                   → 21(a) 9(b)        in paras. 21(a) and item (b) of para. 9
It is so [21(k)].                                       → 21(k)             in [21(k)]
هذا صحيح [٢١(ك)].                                       → 21(k)             in [٢١(ك)]
It is so [9, 12].                                       → 9 12              in [9, 12]
(see para. 21 (k))                                      → 21(k)             in para. 21 (k)
Under §§ 9–11 it is                                     → 9-11              in §§ 9–11
the anchor para_21__subpara_k works                     → 21(k)             in para_21__subpara_k
paragraphs 21(a), (c) and (k), then                     → 21(a) 21(c) 21(k) in paragraphs 21(a), (c) and (k)
paragraph 9 and the police                              → 9                 in paragraph 9
الفقرة 9 والشرطة                                        → 9                 in الفقرة 9
paragraph 21 a list of                                  → 21                in paragraph 21
paragraph 21 I think                                    → 21                in paragraph 21
paragraph 9. A list                                     → 9                 in paragraph 9
paragraph 9 (the police)                                → 9                 in paragraph 9
In paragraph 9, 12 States                               → 9                 in paragraph 9
In paragraphs 9 and 10, 12 States                       → 9 10              in paragraphs 9 and 10
paragraph 9 and 2021 figures                            → 9                 in paragraph 9
paragraph 9 – the police                                → 9                 in paragraph 9
paragraph 21-k of                                       → 21(k)             in paragraph 21-k
paragraph 21 and item a of paragraph 9                  → 21 9(a)           in paragraph 21 and item a of paragraph 9
الفقرة 21 ص 3                                           → 21                in الفقرة 21
See paragraph 2 bis.                                    → 2bis              in paragraph 2 bis
as 2 bis (a) says                                       → 2bis(a)           in 2 bis (a)
It is so [2bis].                                        → 2bis              in [2bis]
It is so [2 bis (a)].                                   → 2bis(a)           in [2 bis (a)]
In paragraph 2 bis, 12 States                           → 2bis              in paragraph 2 bis
paragraph 2-bis of                                      → 2bis              in paragraph 2-bis
paragraph 2 bis a list                                  → 2bis              in paragraph 2 bis
paragraphs 2 bis and ter, then                          → 2bis 2ter         in paragraphs 2 bis and ter
paragraph 9. Bis repetita                               → 9                 in paragraph 9
paragraph 9 terms                                       → 9                 in paragraph 9
تنص الفقرة ٢ مكررا (أ) على                              → 2bis(a)           in الفقرة ٢ مكررا (أ)
في الفقرة ٢ مكررا. ثانيا، نص                            → 2bis              in الفقرة ٢ مكررا
§§ 2 bis 5                                              → 2bis 5            in §§ 2 bis 5
paragraph 21(k), (a) the first                          → 21(k)             in paragraph 21(k)
الجلسة الرابعة، الفقرة 9                                → 9                 in الفقرة 9
وفقًا للفقرة ٢١ هـ، فإن                                 → 21(e)             in للفقرة ٢١ هـ
\u200fالفَقْرَةُ\u200f ٢١\u200f (\u200fهـ\u200f)\u200f، → 21(e)             in الفَقْرَةُ\u200f ٢١\u200f (\u200fهـ\u200f)
في ﺍﻟﻔﻘﺮﺓ ٢١ (ﻙ) ما يلي                                 → 21(k)             in ﺍﻟﻔﻘﺮﺓ ٢١ (ﻙ)
"""

NO_REFERENCE = r"""
10 and 11 March 2021 | 7-12 آذار | A/CONF.234/15 | A/CONF.234/15 (a) | resolution 74/247 | resolution 74/247 (b)
COVID-19 | 5 G | 3D printing | 3 a day | does 21k say | workshop 4 | Committee II | in 2021 a report | in 2021 (a) the
the first panel | الجلسة الرابعة | the fourth meeting | a paragraph | in one paragraph | the last paragraph
in 3 paragraphs | the first two paragraphs | the first paragraphs | في فقرة واحدة | الفقرة الواحدة | ثلاث فقرات
الفقرات الثلاث | الفقرات الأولى | فقرة ثانية | هذه الفقرة وتلك | في الفقرتين الأخيرتين | the first subparagraph
the paragraph first appeared | one of the 12 paragraphs | in that paragraph. 9 States spoke | paragraph\n\n9 States
article 3 (b) | articles 3 (b) and 4 (c) | rule 3 (a) | page 12(a) | المادة 3 (ب) | بالمادة 3 (ب) | agenda item 5 (a)
البند 5 (أ) | item 9 | no. 9 | sub-paragraph 9 | subparagraph (k) | paragraph 0 | paragraph 12345 | paragraph 9.1
article 2 bis | article 2 bis (a) | المادة ٢ مكررا (أ) | 2 bis | paragraph 2bis5 | A/CONF.234/15 bis (a)
paragraph 74/247 | paragraph 5kg | [sic] | [a] | [2021] | [9 | 1(b)est | 5.21(k) | paragraph one hundred | \ud800 21
"""


def unescape(written: str) -> str:
    r"""`\u200f` in a table → the mark itself; decoding the whole cell would garble its Arabic."""
    return re.sub(r"\\(?:u[0-9a-f]{4}|x00|n)", lambda escape: escape[0].encode().decode("unicode_escape"), written)


def rows(table: str) -> list[tuple[str, ...]]:
    return [tuple(unescape(cell) for cell in line.split(" → ")) for line in table.strip("\n").splitlines()]


def cells(table: str) -> list[str]:
    return [unescape(cell.strip()) for line in table.strip().splitlines() for cell in line.split(" | ")]


@pytest.mark.parametrize(("written", "expected"), rows(READ))
def test_written_form_is_read(written: str, expected: str) -> None:
    assert " ".join(map(str, parse_refs(written))) == expected


@pytest.mark.parametrize("written", cells(REFUSED))
def test_what_is_no_reference_is_refused(written: str) -> None:
    with pytest.raises(UnreadableReference):
        parse_refs(written)


@pytest.mark.parametrize(("sentence", "expected"), rows(FOUND))
def test_reference_in_a_sentence_is_found_where_it_stands(sentence: str, expected: str) -> None:
    canonical, written = (part.strip(" ") for part in expected.split(" in ", 1))
    (mention,) = find_refs(sentence)
    assert " ".join(map(str, mention.targets)) == canonical
    assert sentence[mention.start : mention.end] == written


@pytest.mark.parametrize("prose", cells(NO_REFERENCE))
def test_prose_without_a_reference_has_none(prose: str) -> None:
    assert find_refs(prose) == ()


def test_several_mentions_are_found_in_order() -> None:
    text = "Paragraph 9 differs from 21(a), and so does [٢١(ك)]; الفقرة ١٢ لا."
    assert [text[mention.start : mention.end] for mention in find_refs(text)] == [
        "Paragraph 9",
        "21(a)",
        "[٢١(ك)]",
        "الفقرة ١٢",
    ]


def test_message_shows_what_was_found_and_what_is_accepted() -> None:
    with pytest.raises(UnreadableReference) as caught:
        parse_refs("\x1b[31m\u202e" + "x" * 60)
    message = str(caught.value)
    assert "\\x1b[31m\\u202e" in message
    assert message.isprintable()
    assert message.count("x") <= 45  # cut to forty characters
    assert ACCEPTED_FORMS in message


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "it is empty"),
        ("11-9", "a range runs forward"),
        ("9-11(k)", "a range runs forward"),
        ("0", "numbered from 1 to 9999"),
        ("9" * 4000, "longer than 200 characters"),
        ("\ud800", "cannot be read"),
    ],
)
def test_message_says_why_and_can_be_sent(written: str, reason: str) -> None:
    with pytest.raises(UnreadableReference, match=reason) as caught:
        parse_refs(written)
    assert len(str(caught.value).encode()) < 600


@pytest.mark.parametrize("written", ["9-11", "9,12", "21(a)-(c)"])
def test_one_paragraph_is_asked_for_and_several_are_refused(written: str) -> None:
    with pytest.raises(UnreadableReference, match="several"):
        parse_ref(written)


def test_every_accepted_form_is_accepted() -> None:
    for form in ACCEPTED_FORMS.split(", "):
        assert parse_refs(form)
