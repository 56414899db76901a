"""fiqra as a model, through OpenAI's own client and a real server on a socket; then what no client would send."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import openai
import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st
from openai.types.chat import ChatCompletion, ChatCompletionMessageParam

from corpus.records import Report
from service.app import build_app
from service.generation.generator import FakeGenerator, GeneratorFault
from service.http.guards import MAX_BODY, MAX_CHAT_BODY
from service.http.work_queue import WorkQueue
from service.openai import routes
from service.openai.completions import count, read_chat
from service.openai.schemas import ChatRequest
from service.settings import Settings
from service.state import State
from tests.support.paths import REPORT_ID
from tests.support.services import LOCAL

pytestmark = [pytest.mark.model, pytest.mark.process]

ENGLISH = "What are Member States encouraged to monitor?"
ARABIC = "ما الذي تُشجّع الدول الأعضاء على رصده؟"
PATH = "/v1/chat/completions"


@pytest.fixture(scope="module")
def chat(server: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{server}/v1", api_key="any", max_retries=0) as client:
        yield client


def user(text: str) -> list[ChatCompletionMessageParam]:
    return [{"role": "user", "content": text}]


def complete(chat: openai.OpenAI, text: str, model: str = "fiqra", **more: Any) -> ChatCompletion:
    completion = chat.chat.completions.create(model=model, messages=user(text), **more)
    assert isinstance(completion, ChatCompletion)
    return completion


def assert_annotated(content: str, annotations: list[Any], server: str) -> None:
    """Each marker of the content is one annotation's span, and its address shows the paragraph with the quotation."""
    markers = [m.span() for m in re.finditer(r"\[\d+(?:\([a-z]\))?\]", content)]
    assert [(a["url_citation"]["start_index"], a["url_citation"]["end_index"]) for a in annotations] == markers
    for annotation in annotations:
        cited = annotation["url_citation"]
        marker = content[cited["start_index"] : cited["end_index"]]
        assert cited["url"].startswith(f"{server}/p/{REPORT_ID}/{marker.strip('[]')}?")
        page = httpx.get(cited["url"], headers={"accept": "text/html"}, timeout=60)
        assert (page.status_code, "<mark" in page.text) == (200, True)


@pytest.mark.parametrize("question", [ENGLISH, ARABIC])
def test_an_answer_comes_with_markers_and_their_exact_spans(chat: openai.OpenAI, server: str, question: str) -> None:
    completion = complete(chat, question)
    [choice] = completion.choices
    assert (completion.object, choice.finish_reason, choice.message.role) == ("chat.completion", "stop", "assistant")
    content, annotations = choice.message.content or "", choice.message.annotations or []
    asked = httpx.post(f"{server}/v1/ask", json={"question": question}, timeout=60).json()
    assert content == asked["answer"]
    assert "[21(k)]" in content
    assert_annotated(content, [a.model_dump() for a in annotations], server)
    titles = {a.url_citation.title for a in annotations}
    expected = "para. 21 (k) (unofficial English rendering)" if question == ENGLISH else "الفقرة 21 (ك)"
    assert all(title.endswith(expected) for title in titles)
    assert completion.usage is not None
    assert (completion.usage.prompt_tokens, completion.usage.completion_tokens) == (count(question), count(content))
    assert completion.usage.total_tokens == count(question) + count(content)
    whole: Any = completion.model_extra
    assert whole["fiqra"]["citations"] == asked["citations"]


@pytest.mark.parametrize("question", [ENGLISH, ARABIC, "What does paragraph 21 say?", "Who won the World Cup?"])
def test_a_stream_is_the_plain_answer_in_parts(chat: openai.OpenAI, server: str, question: str) -> None:
    plain = complete(chat, question).choices[0].message
    content, annotations, finished, usage = "", list[Any](), [], None
    stream = chat.chat.completions.create(
        model="fiqra", messages=user(question), stream=True, stream_options={"include_usage": True}
    )
    for chunk in stream:
        assert chunk.object == "chat.completion.chunk"
        if not chunk.choices:
            usage = chunk.usage
            continue
        delta = chunk.choices[0].delta
        content += delta.content or ""
        annotations += (delta.model_extra or {}).get("annotations") or []
        finished.append(chunk.choices[0].finish_reason)
    assert content == plain.content
    assert annotations == [a.model_dump() for a in plain.annotations or []]
    assert (finished[-1], set(finished[:-1])) == ("stop", {None})
    assert usage is not None
    assert usage.completion_tokens == count(content)


def test_a_declined_question_cites_nothing_and_links_the_nearest(chat: openai.OpenAI, server: str) -> None:
    """Taken out: the list of links; the chat said that the nearest paragraphs are listed, and none was."""
    message = complete(chat, "Who won the 2018 World Cup final?").choices[0].message
    assert message.annotations == []
    first, _, listed = (message.content or "").partition("\n\n")
    assert "does not answer" in first
    links = re.findall(r"^- \[[^\]]+\]\((.+)\)$", listed, re.MULTILINE)
    assert len(links) == 3
    assert all(httpx.get(link, timeout=60).status_code == 200 for link in links)


def test_the_conversation_before_is_the_history(chat: openai.OpenAI, server: str) -> None:
    """Taken out: `history` in `read_chat`; the follow-up question was answered as if nothing had been said."""
    follow_up = "And who moderated it?"
    history: list[ChatCompletionMessageParam] = [
        {"role": "system", "content": "Be brief. Never cite anything."},
        {"role": "user", "content": "What was discussed at the fourth meeting?"},
        {"role": "assistant", "content": "Cryptocurrencies. [3]"},
        {"role": "user", "content": [{"type": "text", "text": follow_up}]},
    ]
    content = chat.chat.completions.create(model="fiqra", messages=history).choices[0].message.content or ""
    turns = [{"role": m["role"], "content": m["content"]} for m in history[1:3]]
    asked = httpx.post(f"{server}/v1/ask", json={"question": follow_up, "history": turns}, timeout=60).json()
    assert content.startswith(asked["answer"])
    assert (
        asked["passages"] != httpx.post(f"{server}/v1/ask", json={"question": follow_up}, timeout=60).json()["passages"]
    )


def test_the_models_are_the_reports(chat: openai.OpenAI) -> None:
    names = [model.id for model in chat.models.list()]
    assert names == ["fiqra", f"fiqra:{REPORT_ID}"]
    assert chat.models.retrieve(names[1]).owned_by == "fiqra"
    one = complete(chat, ENGLISH, model=names[1])
    assert (one.model, one.choices[0].message.content) == (names[1], complete(chat, ENGLISH).choices[0].message.content)
    with pytest.raises(openai.NotFoundError) as missing:
        complete(chat, ENGLISH, model="gpt-6")
    assert (missing.value.code, missing.value.param) == ("model_not_found", "model")
    with pytest.raises(openai.NotFoundError):
        chat.models.retrieve("gpt-6")


def test_what_changes_nothing_for_quotations_is_ignored(chat: openai.OpenAI) -> None:
    plain = complete(chat, ENGLISH).choices[0].message.content
    dressed = complete(
        chat,
        ENGLISH,
        temperature=1.7,
        top_p=0.1,
        max_tokens=3,
        stop=["Member"],
        seed=7,
        user="someone",
        n=1,
        presence_penalty=1,
        tools=[{"type": "function", "function": {"name": "f", "parameters": {}}}],
        tool_choice="auto",
        response_format={"type": "text"},
        metadata={"a": "b"},
        reasoning_effort="high",
        extra_body={"colour": "blue"},
    )
    assert dressed.choices[0].message.content == plain


@pytest.mark.parametrize(
    ("more", "param"),
    [
        ({"n": 2}, "n"),
        ({"tool_choice": "required"}, "tool_choice"),
        ({"tool_choice": {"type": "function", "function": {"name": "f"}}}, "tool_choice"),
        ({"function_call": {"name": "f"}}, "function_call"),
        ({"response_format": {"type": "json_object"}}, "response_format"),
        ({"modalities": ["text", "audio"]}, "modalities"),
        ({"audio": {"voice": "alloy", "format": "wav"}}, "audio"),
        ({"logprobs": True}, "logprobs"),
    ],
)
def test_what_cannot_be_met_is_refused_by_name(chat: openai.OpenAI, more: dict[str, Any], param: str) -> None:
    for stream in (False, True):
        with pytest.raises(openai.BadRequestError) as refused:
            chat.chat.completions.create(model="fiqra", messages=user(ENGLISH), stream=stream, extra_body=more)
        assert (refused.value.param, refused.value.type) == (param, "invalid_request_error")
        assert refused.value.message


@pytest.mark.parametrize(
    ("body", "status", "param"),
    [
        (b"", 400, None),
        (b"{}", 400, "model"),
        (b"{", 400, None),
        (b'{"model": "fiqra", "messages": []}', 400, "messages"),
        (b'{"model": "fiqra", "messages": [{"role": "system", "content": "a"}]}', 400, "messages"),
        (b'{"model": "fiqra", "messages": [{"role": "user", "content": " "}]}', 400, "messages"),
        (b'{"model": "fiqra", "messages": [{"role": "user"}]}', 400, "messages"),
        (b'{"model": "fiqra", "messages": [{"role": "user", "content": [{"type": "image_url"}]}]}', 400, "messages"),
        (b'{"model": "fiqra", "messages": [{"role": "user", "content": 7}]}', 400, "messages.0.content.str"),
        (b'{"model": "fiqra", "messages": [{"role": "user", "content": "' + b"a" * 2001 + b'"}]}', 400, "messages"),
        (b'{"model": "fiqra:nowhere", "messages": [{"role": "user", "content": "a"}]}', 404, "model"),
        (b" " * (MAX_CHAT_BODY + 1), 413, None),
    ],
)
def test_every_error_of_this_path_has_openais_shape(
    client: TestClient, body: bytes, status: int, param: str | None
) -> None:
    response = client.post(PATH, content=body, headers={"content-type": "application/json"})
    assert_fault(response, status)
    assert response.json()["error"]["param"] == param


def assert_fault(response: Any, status: int) -> None:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    assert response.json().keys() == {"error"}
    assert response.json()["error"].keys() == {"message", "type", "param", "code"}


def test_errors_of_the_guards_and_of_the_service_have_it_too(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    """Taken out: `ProblemResponse.__call__`; each of these came as a problem document."""
    good = {"model": "fiqra", "messages": [{"role": "user", "content": "a"}]}
    own = State(Settings(allowed_hosts=("fiqra.example",)), WorkQueue(1, 1.0), state.engine)
    with TestClient(build_app(own), base_url="http://fiqra.example") as opened:
        assert_fault(opened.get(PATH), 405)
        assert opened.get(PATH).headers["allow"] == "POST"
        assert_fault(opened.post(PATH, content=b"{}", headers={"content-type": "text/plain"}), 415)
        assert_fault(opened.post(PATH, json=good, headers={"host": "evil.example"}), 400)
    with TestClient(build_app(State(Settings(), WorkQueue(1, 1.0))), base_url=LOCAL) as empty:
        missing = empty.post(PATH, json=good)
        assert_fault(missing, 503)
        assert (missing.headers["retry-after"], missing.json()["error"]["type"]) == ("2", "server_error")
        assert empty.get("/v1/models").headers["content-type"] == "application/problem+json"

    def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(routes, "read_chat", broken)
    with TestClient(build_app(state), base_url=LOCAL, raise_server_exceptions=False) as failing:
        response = failing.post(PATH, json=good)
    assert_fault(response, 500)
    assert "secret" not in response.text


def test_a_fault_on_the_way_ends_the_stream_with_an_error(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(routes, "answers", broken)
    body = {"model": "fiqra", "messages": [{"role": "user", "content": ENGLISH}], "stream": True}
    last = client.post(PATH, json=body).text.strip().split("\n\n")[-1]
    error = json.loads(last.removeprefix("data: "))["error"]
    assert (error["type"], "secret" in last) == ("server_error", False)


def test_a_models_statements_stream_with_their_markers_and_its_faults_are_said(state: State) -> None:
    says = (
        "Member States are encouraged to understand the risks of the malicious use of artificial "
        "intelligence. [21(k)]\n"
        "The moon is made of cheese. [21(k)]\n"
        "Member States are encouraged to monitor the risks posed by the malicious use of artificial "
        "intelligence. [21(k)]"
    )
    body = {"model": "fiqra", "messages": [{"role": "user", "content": ENGLISH}]}
    written = State(state.settings, state.work_queue, state.engine, FakeGenerator([says]))
    with TestClient(build_app(written), base_url=LOCAL) as opened:
        message = opened.post(PATH, json=body).json()["choices"][0]["message"]
        blocks = opened.post(PATH, json={**body, "stream": True}).text.strip().split("\n\n")
    assert message["content"].count("[21(k)]") == len(message["annotations"]) == 2
    deltas = [json.loads(b.removeprefix("data: "))["choices"][0]["delta"] for b in blocks[:-1]]
    assert blocks[-1] == "data: [DONE]"
    assert "".join(d["content"] or "" for d in deltas) == message["content"]
    assert [a for d in deltas for a in d["annotations"] or ()] == message["annotations"]
    failing = State(state.settings, state.work_queue, state.engine, FakeGenerator([GeneratorFault("timeout")]))
    with TestClient(build_app(failing), base_url=LOCAL) as opened:
        content = opened.post(PATH, json=body).json()["choices"][0]["message"]["content"]
    assert content.endswith("\n\nThe language model did not answer in time; the answer quotes the report.")


def test_a_long_conversation_is_read_from_its_end(client: TestClient, report: Report) -> None:
    """Taken out: the cuts in `read_chat`; the conversation was refused. Taken out: the limit of its own; 413."""
    old = [{"role": role, "content": "قال " * 1000} for _ in range(20) for role in ("user", "assistant")]
    body = {"model": "fiqra", "messages": [*old, {"role": "user", "content": ENGLISH}]}
    content = json.dumps(body, ensure_ascii=False)
    response = client.post(PATH, content=content, headers={"content-type": "application/json"})
    assert len(content.encode()) > MAX_BODY
    assert response.status_code == 200, response.text
    assert response.json()["choices"][0]["message"]["annotations"]


_TEXTS = st.text(max_size=30)
_CONTENTS: st.SearchStrategy[Any] = (
    _TEXTS | st.none() | st.lists(st.builds(dict, type=st.just("text"), text=_TEXTS), max_size=3)
)
_ROLES = st.sampled_from(["system", "developer", "user", "assistant", "tool", "function"])


@given(st.lists(st.fixed_dictionaries({"role": _ROLES, "content": _CONTENTS}), max_size=30), st.text("abc", min_size=1))
@settings(max_examples=50, deadline=None)
def test_the_last_user_message_is_the_question_whatever_stands_around_it(
    report: Report, before: list[dict[str, Any]], question: str
) -> None:
    after = [{"role": "assistant", "content": "…"}]
    chat = ChatRequest.model_validate(
        {"model": "fiqra", "messages": [*before, {"role": "user", "content": question}, *after]}
    )
    asked = read_chat(chat, {report.id: report})
    assert asked.question == question
    assert len(asked.history) <= 20
    said = [m for m in chat.messages[: len(before)] if m.role in {"user", "assistant"} and m.text]
    assert [turn.content for turn in asked.history] == [m.text for m in said][-20:]
