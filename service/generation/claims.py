r"""What a language model wrote → claims: sentences with the paragraphs they point to, and the form they must have.

    "S3: Members agreed.\n- Italy spoke [6]." → Claim("Members agreed.", (9,)), Claim("Italy spoke.", (6,))

It is read leniently: labels of the sentences that it was offered, markers of paragraphs, or neither; lines, or JSON
with lines. Nothing here trusts the text: it is cut to a bounded size first, and what is not plain prose is left out.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.chunks import sentences
from corpus.errors import UnreadableReference
from corpus.language import detect
from corpus.records import Language
from corpus.refs import Ref, parse_refs
from corpus.text import clean, fold

MAX_OUTPUT = 16_000
MAX_LINE = 1_200
MAX_CLAIMS = 12
# What a model may write that finds no answer: as it is told to, and as others were.
NO_ANSWER = frozenset({"NONE", "NOT IN REPORT"})
# Square brackets are the markers' own: those of a text, `[UNICRI]`, are shown to a model as round ones.
ROUND = str.maketrans("[]", "()")

# What comes before a model's reply: its thinking, or the prompt that it repeats.
_THOUGHT = re.compile(r"\A.*</(?:think(?:ing)?|question)>", re.DOTALL | re.IGNORECASE)
_BULLET = re.compile(r"^\s*(?:[-–—•]\s+|\(?\d{1,2}[.)]\s+)")
_RUN = re.compile(r"(?<!\s)\s*\[[^\[\]]{1,60}\](?:\s*(?:(?:,|،|;|؛|and|و)\s*)?\[[^\[\]]{1,60}\])*")
_INSIDE = re.compile(r"\[([^\[\]]+)\]")
_LABEL = re.compile(r"S\d{1,2}")
_LABELS = re.compile(r"(?:[\[(]?S\d{1,2}[\])]?[ :.,،;-]*)+")
_MARKED = re.compile(r"[\[(](S\d{1,2})[\])]")
_STOP = re.compile(r"\s*[.!?؟…;؛]+(?=\s|$)")
_ENDS = tuple(".!?؟…;؛:")

# Prose and nothing else: letters of the two scripts as reports print them, digits, vowel signs, ordinary punctuation.
# Angle and square brackets, backticks, asterisks, pipes, hashes, braces, backslashes and look-alikes of other scripts
# are not among them, so no markup, link or code can be written.
_PLAIN = re.compile(
    r"[A-Za-z\u00c0-\u024f\u0621-\u063a\u0640-\u064a\u064b-\u0652\u0670\u0671"
    r"0-9\u0660-\u0669 .,;:!?\u061f\u060c\u061b'\"‘’“”«»()/%٪٫٬…–—°€£§-]*"
)
# A scheme or an address: letters, a dot and letters with no space between are a host name in any script.
_LINK = re.compile(
    r"(?i)\b(?:https?|ftps?|file|data|mailto|tel|javascript|vbscript)\s*:|\bwww\b|//|[^\W_]\.[^\W\d_]{2,}|\bon[a-z]+\s*=|%[0-9a-f]{2}"
)
_QUOTED = re.compile(r"“([^“”]*)”|«([^«»]*)»|\"([^\"]*)\"|(?<!\w)‘([^‘’]*)’(?!\w)|(?<!\w)'([^']*)'(?!\w)")
_MARKS = re.compile(r"[“”«»\"‘]|(?<!\w)['’]|(?<![\ws])['’](?!\w)")


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence that a model wrote, without its markers, and the paragraphs that they name.

    None where it was offered labelled sentences and named none: then whichever paragraph proves it is meant. `picked`
    is the sentence whose label it bears.
    """

    text: str
    refs: tuple[Ref, ...]
    picked: str | None = None

    @property
    def is_sentence(self) -> bool:
        """Whether it ends like a statement; words that a model picked from a sentence do not, nor does a question."""
        return self.text.endswith(_ENDS) and not self.text.endswith(("?", "؟"))


@dataclass(frozen=True, slots=True)
class Offered:
    """A sentence that a model may pick, under the label that it is sent with: `S1`."""

    label: str
    ref: Ref
    text: str


def says_no_answer(output: str) -> bool:
    """Whether the model says that the sentences do not answer.

    >>> says_no_answer(" None. "), says_no_answer('{"lines": ["NONE"]}')
    (True, True)
    """
    said = _lines(_THOUGHT.sub("", output[:MAX_OUTPUT])).strip(" \n\t.\"'*`")
    return said.upper() in NO_ANSWER


def read_claims(output: str, offered: Sequence[Offered] = ()) -> tuple[Claim, ...]:
    r"""The claims of a model's text, in order, each once: plain sentences, with readable markers or labels.

    >>> found = read_claims("One spoke. Two agreed. [9]\nThree left [10, 11].\nFour stayed [the rest].")
    >>> [(claim.text, *map(str, claim.refs)) for claim in found]
    [('One spoke.', '9'), ('Two agreed.', '9'), ('Three left.', '10', '11')]
    >>> sentences = [Offered("S1", Ref(9), "One spoke, as he often does.")]
    >>> [(claim.text, *map(str, claim.refs)) for claim in read_claims("S1: One spoke.\nS1\nTwo left.", sentences)]
    [('One spoke.', '9'), ('One spoke, as he often does.', '9'), ('Two left.',)]
    """
    found: dict[Claim, None] = {}
    by_label = {sentence.label: sentence for sentence in offered}
    for line in _lines(_THOUGHT.sub("", output[:MAX_OUTPUT])).splitlines():
        if len(line) <= MAX_LINE:  # before `clean`, which is quadratic on a flood of combining marks
            plain = _BULLET.sub("", clean(line))
            for marked, picked in _with_markers(plain, by_label):
                found |= dict.fromkeys(
                    replace(claim, picked=picked) for claim in _line_claims(marked, bare=bool(offered))
                )
    return tuple(found)[:MAX_CLAIMS]


def _lines(output: str) -> str:
    """The lines of a text, or of the JSON that holds them: `{"lines": ["S1: …"]}`."""
    start = output.lstrip()[:1]
    if start not in ("{", "["):
        return output
    try:
        said = json.loads(output)
    except (ValueError, RecursionError):
        return output
    lines = said.get("lines") if isinstance(said, dict) else said
    return "\n".join(line for line in lines if isinstance(line, str)) if isinstance(lines, list) else output


def _with_markers(line: str, offered: Mapping[str, Offered]) -> Iterator[tuple[str, str | None]]:
    """`S3: One spoke.` → `One spoke. [9]` of that sentence; a label alone → its sentence; a line without as it is."""
    if not offered:
        yield line, None
        return
    labels = _LABELS.match(line)
    picked = [offered[label] for label in _LABEL.findall(labels[0]) if label in offered] if labels else []
    rest = line[labels.end() :].strip() if labels else line
    if len(rest) > 1 and rest[0] in '"“«' and rest[-1] in '"”»':
        rest = rest[1:-1]
    rest = _MARKED.sub(lambda found: f"[{offered[found[1]].ref}]" if found[1] in offered else found[0], rest)
    if picked and any(map(str.isalpha, rest)):
        marker = " ".join(f"[{sentence.ref}]" for sentence in picked)
        yield f"{rest} {marker}", picked[0].text if len(picked) == 1 else None
    elif picked:
        yield from ((f"{sentence.text.translate(ROUND)} [{sentence.ref}]", sentence.text) for sentence in picked)
    else:
        yield rest, None


def _line_claims(line: str, *, bare: bool) -> Iterator[Claim]:
    """Cut where a marker ends a sentence; a marker amid a sentence belongs to that sentence. `bare`: it may have none.

    A line with a link, markup or an unreadable marker anywhere has no claims: what stands beside a link serves it.
    """
    if not is_plain(_RUN.sub(" ", line)) or not all(map(_refs, _INSIDE.findall(line))):
        return
    text, refs, at = "", dict[Ref, None](), 0
    for run in _RUN.finditer(line):
        if run.start() < at:
            continue
        text += line[at : run.start()]
        at = run.end()
        for inside in _INSIDE.findall(run[0]):
            refs |= dict.fromkeys(_refs(inside))
        if stop := _STOP.match(line, at):
            text, at = text + stop[0].strip(), stop.end()
        text = text.strip()
        if text.endswith(_ENDS) or not line[at:].strip():
            yield from (Claim(text[s.start : s.end], tuple(refs)) for s in sentences(text))
            text, refs = "", {}
    if bare and not refs:
        rest = (text + line[at:]).strip()
        yield from (Claim(rest[s.start : s.end], ()) for s in sentences(rest))


def _refs(marker: str) -> list[Ref]:
    """`21 (ك)` → [21(k)]; none for a range or for what is no reference: the model was told to write neither."""
    try:
        targets = parse_refs(marker)
    except UnreadableReference:
        return []
    refs = [target for target in targets if isinstance(target, Ref)]
    return refs if len(refs) == len(targets) else []


def is_plain(text: str) -> bool:
    """Whether a line is prose: no markup, link, code, or letter that only looks like one of the two scripts.

    >>> is_plain("Members agreed."), is_plain("See <b>here</b>"), is_plain("Visit evil.example")
    (True, False, False)
    """
    return bool(_PLAIN.fullmatch(unicodedata.normalize("NFC", text))) and not _LINK.search(text)


def quotations(text: str) -> list[str] | None:
    """The words between quotation marks of either language; None where the marks do not pair.

    >>> quotations('It names “hybrid firearms” and «الشبكة الخفية».'), quotations('He said "so.')
    (['hybrid firearms', 'الشبكة الخفية'], None)
    """
    found = ["".join(groups).strip() for groups in _QUOTED.findall(text)]
    rest = _QUOTED.sub(" ", text)
    return None if _MARKS.search(rest) or not all(found) else found


def is_in(language: Language, text: str) -> bool:
    """Whether a claim is written in the answer's language; what it quotes may be in the other.

    >>> is_in("en", "The Chair spoke of «الشبكة الخفية»."), is_in("en", "Les États doivent surveiller les risques.")
    (True, False)
    """
    own, whole = detect(_QUOTED.sub(" ", text)), detect(text)
    return own.supported and own.letters > 0 and own.language == language == whole.language


def words(text: str) -> list[str]:
    """The words of a text, folded; digits and punctuation left out.

    >>> words("Han-kyun Kim، ٢١")
    ['han', 'kyun', 'kim']
    """
    return re.findall(r"[^\W\d_]+", fold(text))
