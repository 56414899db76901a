"""A question that is answered doubtfully: which ones are changes with every calibration, so it is looked for."""

from __future__ import annotations

from fastapi.testclient import TestClient

from corpus.records import Language
from eval.questions import load_questions


def doubtful_question(client: TestClient, language: Language) -> str:
    """A development question whose answer the service calls doubtful."""
    for row in load_questions():
        if row.split == "dev" and row.language == language:
            found = client.post("/v1/ask", json={"question": row.question}).json()
            if found["certainty"] == "doubtful":
                return row.question
    raise AssertionError(f"no development question in {language} is answered doubtfully")
