"""A language model's text → the statements in it that the report proves. Everything else is a quotation, or nothing.

    claim → quotations → language → a faithful shortening of one sentence → statement with that sentence as its quote
    words picked from a sentence → that sentence, as short as it faithfully gets around them
    claim → none of these → the sentence that it cites, in the report's own words

The model is not trusted in anything. What it cites must be among the paragraphs it was given; what it quotes must
stand there word for word; and what it says must be a sentence of one of these paragraphs made shorter, by the moves
that `service.faithful` knows and no others.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Collection, Iterable

from corpus.records import Language, Report, Span
from corpus.refs import Ref
from service.faithful.fitting import fit
from service.faithful.shortening import SHARED, restricts, shorten
from service.generation.claims import ROUND, Claim, is_in, quotations
from service.records import Quote, Written

log = logging.getLogger("fiqra")

Wanted = Callable[[str], Iterable[Span]]  # a sentence → the slices of it that a question asks for


class Prover:
    """Decides what of a model's text goes out."""

    def prove(self, claim: Claim, report: Report, given: Collection[Ref], language: Language) -> Written | None:
        """The claim as a statement, or None where no one paragraph of those it names proves it.

        A claim that names none may rest on any that was given.

        >>> held = Claim("Committee II held a workshop.", (Ref(1),))
        >>> str(engine.prover.prove(held, report, [Ref(1)], "en").quotes[0].ref)
        '1'
        >>> engine.prover.prove(Claim("Committee II held two workshops.", (Ref(1),)), report, [Ref(1)], "en") is None
        True
        """
        if not set(claim.refs) <= set(given):
            _log_refusal("marker")
            return None
        if not is_in(language, claim.text):
            _log_refusal("language")
            return None
        quoted = quotations(claim.text)
        rendering = report.rendering(language)
        for ref in claim.refs or given:
            text = rendering.by_ref[ref].text
            verdict = shorten(claim.text.translate(ROUND), text.translate(ROUND), rendering.language)
            verbatim = quoted is not None and all(stands(words, text) for words in quoted)
            if verbatim and verdict.is_faithful and verdict.span:
                quote = Quote(report.id, ref, rendering.language, verdict.span.start, verdict.span.end)
                return Written(claim.text, (quote,))
        _log_refusal("quotation" if quoted is None else "words")
        return None

    def around(
        self, picked: Claim, report: Report, given: Collection[Ref], language: Language, wanted: Wanted
    ) -> Written | None:
        """The sentence that words were picked from, as short as it gets around them and what is `wanted` of it.

        Where they are no words of the one that the label names, the label alone counts; not where they deny or restrict
        what it says.

        >>> picked = Claim("moderated by the following experts: Phelan Wyrick", (Ref(2),))
        >>> engine.prover.around(picked, report, [Ref(2)], "en", lambda sentence: ()).text[:51]
        'The three meetings of the workshop were moderated b'
        """
        rendering = report.rendering(language)
        refs = picked.refs if set(picked.refs) <= set(given) else ()
        texts = {ref: picked.picked or rendering.by_ref[ref].text for ref in refs or given}
        verdicts = {ref: shorten(picked.text, text.translate(ROUND), rendering.language) for ref, text in texts.items()}
        ref = max(verdicts, key=lambda ref: verdicts[ref].shared)
        span = verdicts[ref].span
        if span is not None and verdicts[ref].shared >= SHARED:
            sentence = texts[ref][span.start : span.end].translate(ROUND)
        elif picked.picked is not None:
            sentence = picked.picked.translate(ROUND)
        else:
            return None
        if restricts(picked.text, rendering.language) - restricts(sentence, rendering.language):
            return None
        shorter = fit(picked.text, sentence, rendering.language, wanted(sentence))
        return self.prove(Claim(shorter or sentence, (ref,)), report, given, language)

    def instead(self, claim: Claim, report: Report, given: Collection[Ref], language: Language) -> Written | None:
        """The sentence that an unproved claim cites, in the report's words; None where it cites nothing like it.

        >>> claim = Claim("Committee II held two workshops.", (Ref(1),))
        >>> engine.prover.instead(claim, report, [Ref(1)], "en").text[:12]
        'At its 4th t'
        """
        rendering = report.rendering(language)
        for ref in claim.refs if set(claim.refs) <= set(given) and is_in(language, claim.text) else ():
            text = rendering.by_ref[ref].text
            verdict = shorten(claim.text, text, rendering.language)
            if verdict.span and verdict.shared >= SHARED:
                quote = Quote(report.id, ref, rendering.language, verdict.span.start, verdict.span.end)
                return Written(text[quote.start : quote.end], (quote,), is_quotation=True)
        return None


def stands(quote: str, text: str) -> bool:
    """Whether a text has these very words, from word to word; a closing stop may be the claim's own.

    >>> stands("hybrid firearms.", "by hybrid firearms of all kinds"), stands("brid fire", "by hybrid firearms")
    (True, False)
    """
    wanted: Iterable[str] = {quote, quote.rstrip(".,;:،؛!?؟")} - {""}
    return any(re.search(rf"(?<!\w){re.escape(w)}(?!\w)", text.translate(ROUND)) for w in wanted)


def _log_refusal(reason: str) -> None:
    log.info("a statement of the language model was refused: %s", reason)
