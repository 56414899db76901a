"""What there is to be said on the pages: a name for each sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from corpus.records import Certainty, Language


@dataclass(frozen=True, slots=True)
class Wording:
    """One language's words; `{…}` is filled in where they are used."""

    # frame
    tagline: str
    skip: str
    find_label: str
    find_button: str
    find_example: str
    languages: str
    home: str
    api: str
    unofficial_notice: str
    source_official: str
    original_elsewhere: str
    translation_notice: str
    no_rendering: str
    recognised_notice: str
    recognised: str
    doubtful_words: str
    # report
    language_name: Mapping[Language, str]
    official_text: str
    official_translation: str
    unofficial_text: str
    unofficial_rendering: str
    contents: str
    parts: str
    part: str
    elsewhere: str
    corrections: str
    corrections_about: str
    printed: str
    read: str
    certainty: str
    certainties: Mapping[Certainty, str]
    certainties_about: str
    mended_here: str
    why: str
    names: str
    names_about: str
    unsure_name: str
    name: str
    spelled: str
    paragraph: str
    paragraphs: str
    # citation
    cite: str
    copy: str
    copy_both: str
    copied: str
    # one paragraph
    paragraph_title: str
    title_page: str
    changed: str
    changed_quote: str
    in_report: str
    previous: str
    next: str
    others_between: str
    corrections_of: str
    neighbours: str
    # what is marked on a reading page
    found_words: str
    found_quotes: str
    found_refs: str
    found_nothing: str
    found_ask: str
    unmark: str
    previous_place: str
    next_place: str
    # taken away
    as_word: str
    as_pdf: str
    for_managers: str
    ask_about: str
    ask_about_start: str
    ask_selected: str
    ask_words: str
    quoted: str
    # several reports
    which_title: str
    which_about: str
    which_words: str
    all_reports: str
    # front page
    reports: str
    report: str
    read_in: str
    lookup: str
    lookup_about: str
    examples: str
    ask: str
    ask_label: str
    nearest_to_question: str
    doubtful: str
    related: str
    asked_before: str
    keep_asked: str
    keep_asked_about: str
    forget_asked: str
    forgotten: str
    in_report_marked: str
    unofficial_quotes: str
    embed: str
    embed_about: str
    for_developers: str
    api_about: str
    # demo
    demo_title: str
    demo_about: str
    demo_site: str
    demo_heading: str
    demo_text: tuple[str, ...]
    demo_snippet: str
    demo_policy: str
    # API reference
    api_title: str
    api_language: str
    # errors
    error_titles: Mapping[int, str]
    error_other: str
    nearest: str
    accepted_forms: str
    loaded_reports: str
    bad_address: str
    too_long: str
    nothing_here: str
    no_index: str
