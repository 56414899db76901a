"""Where a sentence ends: after a full stop that is none of an abbreviation's, an initial's or an item's number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.chunks import sentences


def cut(text: str) -> list[str]:
    """The sentences of a text."""
    return [text[span.start : span.end] for span in sentences(text)]


ONE = [
    "The floor was given to Ms. Rapporteur and to Dr. President.",
    "The meeting was opened by H.E. Mr. Minister of Justice of St. Lucia.",
    "It recalled art. 5, paras. (a) to (c), and No. 4 of Vol. II.",
    "It met on 5 Sept. 2021 in the building of the Dept. Head.",
    "J. R. R. Tolkien and Wm. Shakespeare were quoted, cf. Annex I.",
    "Some bodies, e.g. UNODC, and others, i.e. UNICRI, took part.",
    "The U.S. Department of Justice spoke against Messrs. Adams and Brown.",
    "38. At its third meeting the Committee adopted its agenda.",
    "Recalling its resolution 6/11, 1. Approves the pilot scheme; 2. Requests a report.",
    "Ships keep to the scheme of the Organization (IMO Res. A.1/2) in these waters.",
    "The guidelines (IMO Res. A.1108(29), as amended) apply to pilots.",
    "It applied Res. MSC.428(98) and Res. MEPC 304(72) to all vessels.",
    "The Assembly, in Res. A/RES/74/247, set up a committee.",
    "It took note of Doc. A/CONF.234/16 and of Docs. E/CN.15/2020/6 and 7.",
    "The parties adopted Dec. BC-14/3 and Dec. XIV/2 at their meeting.",
    "Under Sect. A of the programme and chap. V, sect. B, of the plan, funds were set aside.",
    "The text is in A/CONF.234/L.3/Rev. 2 and in E/2020/1/Add. 4 and Corr. 1.",
    "Sales No. E.20.XI.5 is out of print; see Nos. A/1 and A/2.",
    "The regulation (OJ No. L 123 of 2016) was cited at pp. 4 and 5.",
    "See Official Records, Suppl. No. 30 (E/2019/30), chap. I, sect. A.",
    "See Mira Hadley (ed. John Smith), Safety at Sea, 2nd ed. (Harbour Press, 1999), p. 12.",
    "The judgement in Prosecutor v. Tadić (Vol. A of the series) was quoted.",
    "In Smith v. The Harbour Authority, Eur. Ct. H.R., the appeal failed.",
    "Gov. Adams, Sen. Brown, Rep. Clark and Sec. Gen. Dorn spoke.",
    "Approx. 40 States, est. 2,000 persons and, among others, i.a. UNICEF, took part.",
    "The province (est. 1945, pop. 12,000) lies near Mt. Kenya.",
    "THE STATEMENT OF MR. SMITH ON ART. 5 WAS CIRCULATED AS NO. 4.",
    "The treaty entered into force w.e.f. 1 January 2020 under Law No. CLT-20.",
    "The term is defined in art. 2, subpara. (b), and in lit. (c) of app. B to the rules.",
    "Jacques Lefevre (c. 1455) is cited at n. 12 and in fig. 3, cf. Res. 5 of the Council.",
    "The Chair, Prof. Dr. Amira Hassan, thanked Amb. Lee, Capt. Nemo and Lt. Col. Moss.",
    "Bodies of the kind, viz. Interpol, asked for reg. 12 and cl. 4 to be kept (Ref. ABC-12).",
    "وعرض د. الأمين العام التقرير على أ. د. المدير، ثم م. رئيس القسم.",
    "وعُقدت الدورة في عام 1445 هـ. الموافق 2023.",
    "وعُقدت الدورة في عام 1445هـ. الموافق 2023م. الموافقة للسنة المالية.",
    "وعرضت أ. منى الحسن ود. هالة سالم وم. كريم ناجي نتائج الدراسة.",
    "وشكر الرئيس أ.د. سمير حداد على عرضه.",
    "وتحدث د. وليد عن التعاون الدولي.",
    "انظر ص. 12 من الوثيقة وصص. 15-20 منها.",
    "ونُشر الكتاب في ط. 2 عن دار الميناء، مج. 3، ج. 4.",
    "وتعود المدينة إلى عام 300 ق.م. حسب التقديرات.",
    "وسُجلت الشركة (ش. م. م. لبنان) في عام 2010.",
    "وبلغ رأس المال 500 ر. ع. بحسب التقرير.",
    "وأشار إلى القرار (IMO Res. A.1/2) في هذا الصدد.",
    "وأحاط علماً بالوثيقة Doc. A/CONF.234/16 وبالرقم No. 4 منها.",
    "المراسلات: ص. ب. 500، هـ. 5551234، المدينة.",
    "وافتتح الجلسة «د. منصور العلي» رئيس اللجنة.",
    "وتولت رئيسة اللجنة د. أمل سعيد إدارة المناقشة.",
    "وقدّم رئيس القسم م. زياد عمر عرضاً عن السلامة.",
    "وعُرضت في ف. 3 من ب. 2 أحكام خاصة بالقوارب.",
    "وذكر السيد ج. ر. سميث أن الرسوم لم تتغير.",
    "وتولى تح. 2 من الكتاب أ. د. نبيل فارس.",
    "وبدأ العمل بالقانون رقم 5 لسنة 1990 م. الموافقة لسنة 1410 هـ. والموافق لها.",
    "وكتب ذلك و. سميث إلى ل. براون.",
    "وتحدث باسم المجموعة د. فريد (انظر ص. 4).",
    "38. وأقرت اللجنة جدول أعمالها.",
    "وإذ تشير إلى قرارها 6/11، 1. توافق على الخطة؛ 2. تطلب تقريراً.",
    "واتصل المكتب بالرقم ت. 5551234 وأبلغ أ. سلمى.",
    "وشارك د. م. سامي و أ. م. د. ليلى في الحلقة.",
    "ووردت الكلمة في ع. 12 من المجلة، س. 5.",
    "ووُقّع الاتفاق سنة 1440 هـ. الموافقة 2019 في الميناء.",
    "واستند إلى المرجع (ص. 5، ج. 2) وإلى غيره.",
]
TWO = [
    ("The answer was no. The Committee agreed.", "The answer was no."),
    ("It was adopted in 2019. The Committee agreed.", "It was adopted in 2019."),
    ("There were 12. Four spoke.", "There were 12."),
    ("The Chair spoke of Annex II. The Committee agreed.", "The Chair spoke of Annex II."),
    ("It closed at 6 p.m. The Chair thanked all.", "It closed at 6 p.m."),
    ("The work of the art. Another matter followed.", "The work of the art."),
    ("The answer was no. 12 States abstained.", "The answer was no."),
    ("Asked whether it agreed, the delegation said no. 5 States followed.", "… said no."),
    ("Was the draft adopted? No. 12 States voted against it.", "Was the draft adopted?", "No."),
    ("The rules are in vol. 2. The annexes are in vol. 3.", "The rules are in vol. 2."),
    ("The text is in art. 12. Another is in art. 13.", "The text is in art. 12."),
    ("They are listed as No. 4. The others are not listed.", "They are listed as No. 4."),
    ("It is in Vol. V. The Committee took note.", "It is in Vol. V."),
    ("See sect. A. The Committee took note.", "See sect. A."),
    ("The list is in Annex V. The Committee took note.", "The list is in Annex V."),
    ("It reported to Committee I. The draft was adopted.", "It reported to Committee I."),
    ("It adopted Res. A.1/2. The Council took note.", "It adopted Res. A.1/2."),
    ("The Council adopted MSC.428(98). It applies to all.", "The Council adopted MSC.428(98)."),
    ("They asked for one more doc. The secretariat agreed.", "They asked for one more doc."),
    ("It came out in one vol. In 2019 another followed.", "It came out in one vol."),
    ("Dues were waived for boats, nets, etc. The rest paid.", "… etc."),
    ("He came for the ed. The book was late.", "He came for the ed."),
    ("The works are of the 2nd ed. They are out of print.", "… 2nd ed."),
    ("It was held in Sept. The next is in March.", "It was held in Sept."),
    ("They built an app. COVID-19 had closed the ports.", "They built an app."),
    ("There was a fig. A tree stood beside it.", "There was a fig."),
    ("“The answer is No.” Twelve States agreed.", "“The answer is No.”"),
    ("(See art. 5.) The Committee agreed.", "(See art. 5.)"),
    ("See www.un.org. The site has the report.", "See www.un.org."),
    ("The document is A/CONF.234/L.3/Rev.1. It was adopted.", "The document is A/CONF.234/L.3/Rev.1."),
    ("It met on 12 Dec. Members were few.", "It met on 12 Dec."),
    ("واعتُمد جدول الأعمال. وافتتح الرئيس الجلسة.", "واعتُمد جدول الأعمال."),
    ("ومُنحت الأولوية للرضّع. ولا يُطلب من أحد شيء.", "ومُنحت الأولوية للرضّع."),
    ("هل من اعتراض؟ لا.", "هل من اعتراض؟"),
    ("وترد القائمة في المرفق ج. وأحاطت اللجنة علماً بها.", "وترد القائمة في المرفق ج."),
    ("وحُذف البند د. ووافقت اللجنة على ذلك.", "وحُذف البند د."),
    ("وأشار إلى الجزء هـ. وقررت اللجنة اعتماده.", "وأشار إلى الجزء هـ."),
    ("وترد الأحكام في ص. 5. وترد الشروح في ص. 6.", "وترد الأحكام في ص. 5."),
    ("ونُشر في مج. 3. ولم يُنشر ما بعده.", "ونُشر في مج. 3."),
    ("وبلغ عدد الدول 12. وتكلمت أربع منها.", "وبلغ عدد الدول 12."),
    ("وعُقدت الدورة في عام 1445هـ. وافتتحها الرئيس.", "وعُقدت الدورة في عام 1445هـ."),
    ("وبدأ العمل بالقانون لسنة 1990 م. ولم يعدَّل بعد ذلك.", "وبدأ العمل بالقانون لسنة 1990 م."),
    ("وصدر القانون في عام 2023م. وبدأ العمل به.", "وصدر القانون في عام 2023م."),
    ("وأُعفيت القوارب والشباك وغيرها إلخ. ودفع الباقون الرسم.", "… إلخ."),
    ("وكان الجواب لا. وامتنعت 12 دولة.", "وكان الجواب لا."),
    ("وأحاط علماً بالقرار Res. A.1/2. ووافق عليه.", "وأحاط علماً بالقرار Res. A.1/2."),
    ("وتحدث د. سامي عن الميناء. ثم رُفعت الجلسة.", "وتحدث د. سامي عن الميناء."),
    ("واطلعت على الموقع www.un.org. وشكرت الأمانة.", "واطلعت على الموقع www.un.org."),
    ("وبحثت اللجنة الفقرة ب. ورأى الرئيس تعديلها.", "وبحثت اللجنة الفقرة ب."),
    ("ووردت في الشكل أ. ووُصفت في الجدول ب.", "ووردت في الشكل أ."),
    ("وتمت الموافقة. د. منى شكرت الحاضرين.", "وتمت الموافقة."),
    ("هل وافقت الدول؟ نعم.", "هل وافقت الدول؟"),
    ("يا له من تقدم! وشكرت اللجنة المكتب.", "يا له من تقدم!"),
    ("وقال: «لا أوافق.» ثم جلس.", "وقال: «لا أوافق.»"),
    ("وكانت النسبة 5.5 في المائة. وزادت بعد ذلك.", "وكانت النسبة 5.5 في المائة."),
    ("(انظر ص. 5.) وأقرت اللجنة النص.", "(انظر ص. 5.)"),
    ("واعتُمد القرار 74/247. ودخل حيز النفاذ.", "واعتُمد القرار 74/247."),
    ("وعُقد الاجتماع عند 3 ب.ظ. وحضره الأعضاء. وانتهى مساء.", "… الأعضاء."),
    ("وقُدّم العرض بشأن السلامة. وقدّمه م. كريم.", "وقُدّم العرض بشأن السلامة."),
    ("والمسافة 12 كم. وتقطعها السفن في ساعة.", "والمسافة 12 كم."),
    ("والحمولة 5 أطنان. ولا تزيد على ذلك.", "والحمولة 5 أطنان."),
    ("وعُرض الأمر على اللجنة الأولى. ولم تعترض.", "وعُرض الأمر على اللجنة الأولى."),
]


@pytest.mark.parametrize("text", ONE)
def test_no_sentence_ends_after_what_is_written_short(text: str) -> None:
    """Before, "Res." ended one where its number begins with letters, and so did what an Arabic و is joined to.

    Tried by hand: with the rules of before, 52 of this file's tests fail.
    """
    assert cut(text) == [text]


@pytest.mark.parametrize("row", TWO, ids=lambda row: row[0])
def test_a_sentence_ends_where_a_reader_would_end_it(row: tuple[str, ...]) -> None:
    """Before, "vol. 2. The" was one sentence with an item's number in it, and "Annex V." held initials."""
    text, *ends = row
    found = cut(text)
    assert len(found) == len(ends) + 1
    for sentence, end in zip(found, ends, strict=False):
        assert sentence.endswith(end.removeprefix("… ")) if end.startswith("… ") else sentence == end


SHORT = """
    Res. res. Dec. dec. Doc. doc. Docs. Art. art. Arts. para. paras. chap. ch. sect. No. Nos. NO. Vol. vol. p. pp.
    Suppl. Add. Corr. Rev. fig. Conf.
""".split()
NUMBERS = "5 12 1373(2001) II (a) A/RES/74/1 A.1/2 MSC.428(98) ES-10/1 E/CN.15/2020/6 ٥".split()


@given(st.sampled_from(SHORT), st.sampled_from(NUMBERS), st.sampled_from(["The next is new.", "وهذه جملة أخرى."]))
def test_what_is_written_short_goes_with_its_number_and_the_sentence_ends_after_both(
    short: str, number: str, following: str
) -> None:
    """Tried by hand: with the stop of "vol." left where it is, "vol. 5. The next is new." is one sentence."""
    for begun in ("It cites", "ويشير إلى"):
        for written in (f"{begun} {short} {number}.", f"{begun} ({short} {number}) there."):
            assert cut(f"{written} {following}") == [written, following]
