"""The words that the moves turn on, by language: reviewed lists, each of a closed class or of what was seen in reports.

A word that a list lacks makes a move fail, and the quotation is shown: a gap costs a reader nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from corpus.records import Language


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


@dataclass(frozen=True)
class Tables:
    """What the moves know of a language."""

    conjunction: str  # and
    # Nothing that holds one of these is left out: it denies, restricts, or offers a choice.
    restricting: frozenset[str]
    # A parenthesis between commas may begin with one of these.
    openers: frozenset[str]
    # May be left out wherever they stand: they add or grade and change nothing.
    fillers: frozenset[str]
    # A sentence does not end on one of these.
    dangling: frozenset[str]
    # The verb of a sentence may be one of these: what stands before it is its subject.
    finite: frozenset[str]
    prepositions: frozenset[str]
    # Base forms: two words joined by "and" are of one kind where both are here or neither is.
    verbs: frozenset[str]
    # A sentence may begin with a phrase that says when, which may go: it holds one of these, or a figure.
    frame_openers: frozenset[str]
    frame_nouns: frozenset[str]
    # With one of these such a phrase narrows what is said: `In some meetings,`.
    quantifying: frozenset[str]
    connectives: tuple[tuple[str, ...], ...]
    # "It was noted that": nobody is named, so the sentence stands without it.
    impersonal: tuple[tuple[str, ...], ...]
    # After one of these, what follows belongs to it and may not be cut off.
    governing: frozenset[str]
    # What opens a second part like the first: "should … and should".
    parallel: frozenset[str]
    relatives: frozenset[str]
    # Verbs that may turn from active to passive: their past is their participle.
    reporting: frozenset[str]
    # What these begin belongs to the words right before it.
    examples: frozenset[str]
    conceding: frozenset[str]
    # Words that "and" joins within a name, where no capital shows it.
    names: frozenset[tuple[str, str]] = frozenset()


_EN = Tables(
    conjunction="and",
    restricting=_words(
        """not no never none neither nor without only or except unless but if whether rather until cannot hardly lacked
        lacking lacks otherwise provided subject solely else than before after
        when where whenever once pending"""
    ),
    openers=_words(
        """in on at for over with although though despite which who whose such-as including especially particularly as
        through by during under within from while noting citing therefore moreover however in-particular for-example
        as-well-as with-a-view-to both"""
    ),
    fillers=_words("also therefore however moreover furthermore notable considerable having achieved that further the"),
    dangling=_words(
        """of in on at for with to by from about into over under within through between among and or that which who
        whose is are was were be been being has had have can could should may might must would will as their its such
        than both national international technological digital criminal legislative legal human various several some
        many other another one of not more used posed made taken how whether if because although despite while citing"""
    ),
    finite=_words("is are was were had has have can could should may might must would will needed"),
    prepositions=_words("of in on at for with to by from about into over under within through between among as during"),
    verbs=_words(
        """prevent increase monitor understand transfer conceal ensure promote develop review improve enhance assess
        facilitate preserve access investigate combat address support detect cooperate identify analyse consider keep
        help provide elaborate confront dismantle evade transport know seek streamline make use reduce exchange
        strengthen adopt apply mark trace destroy protect manage report share train build raise study challenge control
        regulate adapt test achieve establish maintain encourage avoid respond counter tackle fight collect verify"""
    ),
    frame_openers=_words("in at during on over after to further"),
    frame_nouns=_words(
        "discussion discussions meeting meetings session sessions reply addition workshop debate debates to january "
        "february march april may june july august september october november december"
    ),
    quantifying=_words("some many several few most certain other each every all various half"),
    connectives=(
        ("moreover",), ("furthermore",), ("further",), ("therefore",), ("however",), ("also",), ("in", "addition"),
    ),
    impersonal=tuple(("it", "was", verb, "that") for verb in ("noted", "indicated", "observed")),
    governing=_words(
        """need needs needed aimed aims encouraged continue continued seek seeks able unable necessary used uses way
        ways means intended failed fails refused refuses attempt attempts ability inability right powers equipped
        likely unlikely ready reluctant difficult order relating related"""
    ),
    parallel=_words("should to can could may for that with of"),
    relatives=_words("which who"),
    reporting=_words(
        """highlighted stressed welcomed supported examined discussed presented reaffirmed reiterated aggravated
        moderated led held"""
    ),
    examples=_words("such-as including especially particularly in-particular for-example which who citing"),
    conceding=_words("although though despite"),
)  # fmt: skip

_AR = Tables(
    conjunction="و",
    restricting=_words(
        """لا لم لن ليس ليست غير دون عدم بدون بلا او الا سوي فقط باستثناء اذا ما لو شريطه مالم لكن بل قبل بعد تفتقر
        يفتقر افتقر افتقرت حصرا رغم عما"""
    ),
    openers=_words(
        """في خلال ولا-سيما بما-في-ذلك مثل مع وكذلك فضلا-عن بسبل-منها من-اجل بغيه بهدف وذلك وكلاهما وفقا بنسبه بالنسبه
        بنسبه معقوده لا-سيما من-خلال كمثال تي ذي التي الذي رغم"""
    ),
    fillers=_words("ايضا كذلك قد ملحوظه كبير"),
    dangling=_words(
        """في من الي علي عن مع بين و او ان التي الذي الذين هذه هذا تلك ذلك اي كل بعض عده عدد احد اثنان اثنتان خلال
        بشان حول عبر ضمن داخل ينبغي يمكن لا غير دون ذات مثل من-اجل بغيه بهدف علي رغم كما قيام بقيام لقيام مستشهدا
        مستشهده"""
    ),
    finite=_words("يمكن ينبغي هي هو يشكل ضروريه تمثل كانت كان"),
    prepositions=_words("في من الي علي عن مع بين بشان حول عبر ضمن داخل خلال لدي نحو ازاء امام"),
    verbs=frozenset(),
    frame_openers=_words("في خلال اثناء من-اجل ردا علاوه"),
    frame_nouns=_words(
        """مناقشه مناقشات جلسه جلسات حلقه حلقات من-اجل ردا علاوه اجتماع اجتماعات يناير فبراير مارس ابريل مايو يونيو
        يوليو اغسطس سبتمبر اكتوبر نوفمبر ديسمبر"""
    ),
    quantifying=_words("بعض عده معظم اغلب كثير كل جميع مختلف اخر اخري نصف"),
    connectives=(("قد",), ("و",), ("علاوه", "علي", "ذلك"), ("ردا", "علي", "ذلك"), ("لذلك",), ("ايضا",)),
    impersonal=(("اشير", "الي", "ان"), ("لوحظ", "ان")),
    governing=frozenset(),
    parallel=_words("ان علي في ل"),
    relatives=_words("الذي التي"),
    reporting=frozenset(),
    examples=_words("مثل بما-في-ذلك ولا-سيما بسبل-منها الذي التي"),
    conceding=_words("رغم"),
    names=frozenset(
        {("بمخدرات", "جريمه"), ("مخدرات", "جريمه"), ("جريمه", "عداله"), ("جريمه", "معامله"),
         ("اصطناعي", "روبوتيات"), ("بحوث", "تقييم")}
    ),
)  # fmt: skip

TABLES: Mapping[Language, Tables] = {"en": _EN, "ar": _AR}
