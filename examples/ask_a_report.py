"""A tour of a running service, cell by cell: `python examples/ask_a_report.py [http://127.0.0.1:8000]`.

Editors that know `# %%` cells (VS Code, Spyder, PyCharm, Jupytext) open it as a notebook.
"""

# %% Connect to `make serve`.
import sys

from fiqra import Fiqra, Statement

fiqra = Fiqra(next((word for word in sys.argv[1:] if word.startswith("http")), "http://127.0.0.1:8000"))
[report] = fiqra.reports()
print(report.title, report.counts)

# %% Ask in either language; both answers cite the same paragraph.
for question in ("ما الذي تُشجّع الدول الأعضاء على رصده؟", "What are Member States encouraged to monitor?"):
    answer = fiqra.ask(question, report=report.id)
    print(answer.answer)
    for citation in answer.citations:
        print("   ", citation.label, fiqra.link(citation.url))

# %% A quotation is a slice of the stored text.
citation = answer.citations[0]
[paragraph] = fiqra.paragraphs(citation.ref, language=citation.language)
assert paragraph.text[citation.start : citation.end] == citation.quote
print(paragraph.lead_in, paragraph.text)

# %% Statements come one by one as they are proved.
for part in fiqra.stream("What does paragraph 21 say?"):
    if isinstance(part, Statement):
        print("-", part.text)

# %% What the report does not say is declined, and nothing is cited.
declined = fiqra.ask("Who won the 2018 World Cup final?")
assert not declined.answered
print(declined.answer, [passage.label for passage in declined.passages])

# %% Check a draft before it is sent: one word of this quotation is not the report's.
draft = f"“{citation.quote.replace('encouraged', 'obliged')}” [{citation.ref}]"
for result in fiqra.verify(draft).results:
    print(result.kind, result.status, [(step.given, step.true) for step in result.difference if step.op != "equal"])

fiqra.close()
