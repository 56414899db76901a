"""What happened on an occasion: which countries spoke there, and who led it, told in the paragraphs that follow.

    5. At the 5th meeting, the panel discussion on trafficking was led by …
    6. Statements were made by the representatives of Italy and Brazil.

    "Which countries spoke after the panel on trafficking?" → paragraph 6, which follows paragraph 5
    "Who was the keynote speaker of the second panel?"      → paragraph 5, if one other panel comes before it

Reports say once where they are and go on from there. What a question says of an occasion must stand in a paragraph
between one list of speakers and the next: each word, each number. What it calls by number is the one that bears it or,
where the report counts none of them, the one that comes in that place; beyond the last there is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from corpus.records import Language, Report
from index.search.lexical import terms
from index.search.retrieve import Retriever
from index.search.scope import Scope
from index.search.wording.numbers import numbers_said
from service.answering.composed.introduced import Introduced, Occasion
from service.answering.composed.occasion_questions import Aim, OccasionQuestion, Place, occasions_asked
from service.answering.composed.overviews import Overviews
from service.answering.composed.speaking import names_who_led, says_who_spoke
from service.answering.composed.topics import COMPOSED, quoted_passages
from service.answering.messages import say
from service.paragraphs.citing import in_a_row
from service.records import Finding, Question, Quote

CONFIDENCE = 0.7  # a rule found it, in two steps: likely, and no more


class Occasions:
    """Finds who spoke where, in the reports of one index."""

    def __init__(self, overviews: Overviews, retriever: Retriever) -> None:
        self._overviews = overviews
        self._retriever = retriever
        self._introduced = Introduced(overviews)

    def find(self, question: Question, within: Scope, history: Sequence[str] = ()) -> Finding | None:
        """What is asked of the occasions that a question names; None where it names none, or none that is told of.

        Where one that it names holds for several, such as panels with the same panellist, each is told. One beyond the
        last of its kind is declined. `history` holds the questions before, oldest first.
        """
        asked = occasions_asked(question.text, history)
        if asked is None:
            return None
        reports = self._overviews.reports(within)
        meant = [
            [occasion for report in reports for occasion in self.meant(place, asked.aim, report, question.asked_in)]
            for place in asked.places
        ]
        held = list(dict.fromkeys(occasion for each in meant for occasion in each))
        quotes = tuple(dict.fromkeys(q for each in held for q in self._told(each, asked.aim, question.language)))
        if not quotes:
            none_spoke = bool(held) and asked.aim == "countries"
            beyond = not held and all(self._introduced.is_beyond(place.ordinal, reports) for place in asked.places)
            return self._declined(question, within, asked) if beyond or none_spoke else None
        partly = say("partly", question.language) if not all(meant) else ""
        return self._found(asked, held, quotes, question, partly)

    def meant(self, place: Place, aim: Aim, report: Report, language: Language) -> Iterator[Occasion]:
        """The occasions of a report that a question says this of."""
        if place.ordinal is None or not place.ordinal.kind:
            called = tuple(self._introduced.between(report)) if aim == "countries" else ()
            others = place.others | ({str(place.ordinal.number)} if place.ordinal else set())
        elif aim == "led" and place.ordinal.kind != "panel":
            return  # what is led is the discussion: who led the meeting besides is for the report to say
        else:
            called, others = self._introduced.nth(report, place.ordinal, of_all=place.of_all), place.others
        for occasion in called:
            texts = (report.rendering(language).by_ref[ref].text for ref in occasion.before)
            if any(place.words <= set(terms(text)) and others <= numbers_said(text) for text in texts):
                yield occasion

    def _found(
        self,
        asked: OccasionQuestion,
        held: Sequence[Occasion],
        quotes: tuple[Quote, ...],
        question: Question,
        note: str,
    ) -> Finding:
        """The answer, with where each occasion is named if that is not quoted."""
        countries, language = asked.aim == "countries", question.language
        shown = {(quote.report, quote.ref) for quote in quotes}
        before = dict.fromkeys(
            each.report.label(each.named, language) for each in held if (each.report.id, each.named) not in shown
        )
        named = say("occasion", language, refs=in_a_row(before, language)) if before else ""
        return Finding(
            language,
            CONFIDENCE if countries else COMPOSED,
            quotes,
            quoted_passages(quotes),
            note=" ".join(filter(None, (named, note))) or None,
            as_found=countries,
            marked=self._overviews.named_in(quotes) if countries else (),
            asked=asked.earlier,
        )

    def _declined(self, question: Question, within: Scope, asked: OccasionQuestion) -> Finding:
        """That the report has no such occasion, with what is nearest to the question."""
        retrieval = self._retriever.search(question.text, question.asked_in, within, asked.earlier)
        return Finding(
            question.language,
            0.0,
            passages=retrieval.passages,
            reason="not_in_report",
            about=tuple(report.id for report in self._overviews.reports(within)),
            timings_ms=retrieval.timings_ms,
        )

    def _told(self, occasion: Occasion, aim: Aim, language: Language) -> Iterable[Quote]:
        """The sentences that tell what is asked of an occasion."""
        if aim != "countries":
            yield from self._overviews.saying(
                occasion.report,
                [ref for ref in occasion.before if self._introduced.names(occasion.report, ref)],
                language,
                lambda text: (
                    names_who_led(text, keynote=aim == "keynote")
                    or (aim == "spoke" and not occasion.is_panel and says_who_spoke(text))
                ),
            )
        if aim == "countries" or (aim == "spoke" and not occasion.is_panel):
            for ref in occasion.spoken:
                yield from self._overviews.countries(occasion.report, ref, language)
