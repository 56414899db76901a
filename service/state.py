"""What a running service holds: its settings, its index, and the queues that its work waits in."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from functools import partial
from time import monotonic, sleep, time

import httpx
from anyio import to_thread

from corpus.errors import CorpusError, IndexMissing, IndexNotWritten, IndexRefused, ModelError
from index import contents
from index.disk import durable, sealed
from index.disk.agreement import doubts
from index.disk.shelf import SetAside
from index.memory import return_large_blocks
from index.model.embedding import Embedder
from index.model.loading import load_embedder
from index.model.query_cache import CachingEmbedder, QueryCache
from index.reader.loading import NoReader, judging, load_reader
from index.reader.network import Reader
from index.reader.second_look import SecondLook
from index.search.ranking import FILE as RANKING
from index.search.ranking import read_ranking
from index.search.retrieve import Retriever
from index.threads import calm_numpy
from service.answering.engine import Engine
from service.generation.generator import Breaker, ChatCompletions, Generator
from service.http.metrics import Metrics
from service.http.readiness import Readiness
from service.http.work_queue import WorkQueue
from service.operating.feedback import FeedbackBook
from service.reload import Reloader
from service.reports.indexing import fill_data_dir, open_store
from service.reports.jobs import Jobs
from service.reports.reading_room import ReadingRoom
from service.settings import Settings
from service.tracing import Span, TracedGenerator, TracedRetriever, Traces, untraced

log = logging.getLogger("fiqra")
LOOK_S = 1.0  # how often a service without an index looks for one


@dataclass(slots=True)
class State:
    """Everything that `build_app` needs. `engine` is None as long as no index is loaded.

    `generator` is None where no language model is configured; `http` is what it speaks through, closed with the app.
    `embedder` encodes the reports that `jobs` take in. `reloader` puts a new index in the place of `engine` while
    questions are answered. `reading` is the lane of what is read and asks no model: paragraphs, pages, lists. It is one
    wide, since two threads of Python do no more than one, and as long as there are connections: reading is short.
    `documents` reads those that are handed in, each in a process of its own. `feedback` keeps what readers say, where
    the settings ask for it. `traces` sends spans, where they are asked for, and `span` opens one, or nothing.
    """

    settings: Settings
    work_queue: WorkQueue
    engine: Engine | None = None
    generator: Generator | None = None
    http: httpx.AsyncClient | None = None
    reloader: Reloader | None = None
    embedder: Embedder | None = None
    jobs: Jobs | None = None
    feedback: FeedbackBook | None = None
    stop_by: float | None = None  # on the monotonic clock, once it is told to stop
    documents: ReadingRoom = field(default_factory=ReadingRoom)
    started: int = field(default_factory=lambda: int(time()))  # seconds since 1970
    metrics: Metrics = field(default_factory=Metrics)
    readiness: Readiness = field(default_factory=Readiness)
    traces: Traces | None = None
    reading: WorkQueue = field(init=False)
    span: Span = field(init=False)

    def __post_init__(self) -> None:
        self.reading = WorkQueue(self.settings.connections, self.settings.queue_timeout_s)
        self.span = self.traces.span if self.traces else untraced

    def running_jobs(self) -> Jobs:
        """The jobs of this service; made in its event loop, when the first is asked for."""
        if self.jobs is None:
            self.jobs = Jobs(self.reload)
            if self.stop_by is not None:
                self.jobs.stop()
        return self.jobs

    def stop(self) -> None:
        """Begin nothing new, and have what runs end in time; may be called from a signal handler."""
        grace = self.settings.grace_s
        self.stop_by = monotonic() + grace - min(1.0, grace / 3)
        if self.jobs is not None:
            self.jobs.stop()

    async def close(self) -> None:
        """Finish what runs, as far as there is time, and let go of the connections."""
        if self.stop_by is None:
            self.stop()
        if self.jobs is not None and self.stop_by is not None:
            await self.jobs.finish(self.stop_by - monotonic())
        if self.http is not None:
            await self.http.aclose()
        if self.traces is not None:
            await to_thread.run_sync(self.traces.close)

    def ready_engine(self) -> Engine:
        """The engine. Raises IndexMissing as long as there is none."""
        if self.engine is None:
            raise IndexMissing("no index is loaded yet; run `fiqra build`")
        return self.engine

    async def reload(self) -> bool:
        """Take the current index into service; whether it is a new one. Raises IndexRefused."""
        if self.reloader is None:
            raise IndexMissing("this service was started without a model, so that it can load no index")
        return await self.reloader.reload()


def load_when_built(settings: Settings, traces: Traces | None = None) -> State:
    """`load_state`, once there is something to load: another process may be building it, for as long as FIQRA_WAIT_S.

    Raises what `load_state` raises.
    """
    until, said = monotonic() + settings.wait_s, ""
    while True:
        try:
            return load_state(settings, traces)
        except (IndexRefused, ModelError, IndexNotWritten) as error:
            left = until - monotonic()
            if left <= 0:
                raise
            if str(error) != said:
                said = str(error)
                log.warning("waiting %.0f s at most for an index to serve: %s", left, said)
        sleep(min(LOOK_S, left))


def load_state(settings: Settings, traces: Traces | None = None) -> State:
    """Load the model and the current index; `traces` see what it does.

    Raises ModelError or IndexRefused with the reason and the fix.
    """
    fill_data_dir(settings)
    settings.library().settle()
    sealed.current_name(settings.index_dir)  # refuse at once what needs no model to be refused
    return_large_blocks()
    embedder = load_embedder(settings.model, settings.data_dir, settings.threads)
    metrics = Metrics()
    reader = choose_reader(settings, embedder)
    load = partial(load_engine, settings, embedder, QueryCache(counted=metrics.query), traces, reader)
    work_queue = WorkQueue(settings.queue, settings.queue_timeout_s, embedder.parallel)
    state = State(settings, work_queue, load(), metrics=metrics, traces=traces)
    state.feedback = FeedbackBook(settings.data_dir) if settings.feedback else None
    state.embedder = embedder
    state.reloader = Reloader(state, load, settings.index_dir, settings.watch_s)
    if settings.llm_base_url is not None:
        # Each reply is a connection of its own: a model takes seconds, and `answer_now` has a loop a question.
        state.http = httpx.AsyncClient(limits=httpx.Limits(max_keepalive_connections=0))
        generator = connect(settings, state.http)
        state.generator = TracedGenerator(generator, traces.span) if traces else generator
    return state


def choose_reader(settings: Settings, embedder: Embedder) -> Reader | None:
    """The reader, where the settings ask for it and it fits the model; the log says why where it does not.

    Raises ModelError where its files were altered.
    """
    if settings.reader == "off":
        return None
    try:
        return load_reader(embedder, settings.data_dir)
    except NoReader as reason:
        log.warning("answers are given without a second look: %s", reason)
        return None


def connect(settings: Settings, http: httpx.AsyncClient) -> Generator:
    """The language model that the settings name, spared where it fails."""
    url, model = str(settings.llm_base_url), settings.llm_model or ""
    return Breaker(ChatCompletions(http, url, model, settings.llm_api_key, settings.llm_timeout_s), monotonic)


def load_engine(
    settings: Settings,
    embedder: Embedder,
    queries: QueryCache | None = None,
    traces: Traces | None = None,
    reader: Reader | None = None,
) -> Engine:
    """Verify the current index and make an engine of it, which reads again with `reader`. Raises IndexRefused."""
    calm_numpy()
    with durable.reading(settings.index_dir):
        index = sealed.read(settings.index_dir)
        loaded = contents.load(index, embedder.fingerprint, embedder.dimension, open_store(settings, index))
    ranking = read_ranking(index.base.files[RANKING])
    parts = (loaded, CachingEmbedder(embedder, index.name, queries or QueryCache(0)), ranking.weights)
    retriever = TracedRetriever(*parts, traces.span) if traces else Retriever(*parts)
    aside = _set_aside(settings, index.manifest, loaded)
    look = SecondLook(reader, loaded, *judging()) if reader else None
    return Engine(index.name, loaded, retriever, ranking.calibration, aside, settings.labels, look)


def _set_aside(settings: Settings, manifest: sealed.Manifest, loaded: contents.IndexContents) -> tuple[SetAside, ...]:
    """The added reports that the index does not hold as they lie on the disk; the log names each, and why."""
    try:
        found = tuple(doubts(settings.library().shelf, manifest, loaded.centres))
    except CorpusError as error:
        log.error("whether the index holds the added reports is not known: %s", error)
        return ()
    for doubt in found:
        log.warning("the report %s is set aside: %s", doubt.id, doubt.why)
    return found
