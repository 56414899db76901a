// What was asked and answered, and the one question that is being answered now.

import { Fault } from "./api.js";
import { MAX_EXCHANGES, worthKeeping } from "./memory.js";
import { cut } from "./text.js";

const TURNS_BACK = 4;
const MAX_TURN = 2000;

export class Conversation {
  #api;
  #memory;
  #tell;
  #asking = null;

  // `tell(what, exchange, fault)` hears of it: asked, grown, answered, failed, stopped, dropped.
  constructor(api, memory, tell) {
    this.#api = api;
    this.#memory = memory;
    this.#tell = tell;
    this.kept = memory.load();
    this.exchanges = this.kept?.exchanges ?? [];
  }

  get asking() {
    return this.#asking !== null;
  }

  stop() {
    this.#asking?.abort();
  }

  clear() {
    this.stop();
    this.exchanges = [];
  }

  // The question before this one, which it may lean on.
  before(exchange) {
    return this.exchanges[this.exchanges.indexOf(exchange) - 1]?.question ?? exchange.after;
  }

  save(choices) {
    this.#memory.save({ ...choices, exchanges: this.exchanges.map(worthKeeping) });
  }

  // `after` is a question that was asked before, elsewhere.
  async ask(question, language, after) {
    if (this.#asking) return;
    const exchange = { question, language, after, report: this.#api.chosen };
    this.exchanges.push(exchange);
    while (this.exchanges.length > MAX_EXCHANGES) this.#tell("dropped", this.exchanges.shift());
    await this.answer(exchange);
  }

  // The same exchange, asked otherwise.
  async edit(exchange, question, language) {
    if (this.#asking) return;
    Object.assign(exchange, { question, language, report: this.#api.chosen, verdict: null });
    await this.answer(exchange);
  }

  async answer(exchange) {
    if (this.#asking) return;
    const asking = (this.#asking = new AbortController());
    Object.assign(exchange, { status: "asking", fault: null, statements: [], citations: [], answer: null });
    this.#tell("asked", exchange);
    const { outcome, fault } = await this.#stream(exchange, asking.signal);
    this.#asking = null;
    if (this.exchanges.includes(exchange)) this.#tell(outcome, exchange, fault);
  }

  async #stream(exchange, signal) {
    const { question, language } = exchange;
    const body = { question, language, history: this.#before(exchange) };
    try {
      for await (const { name, data } of this.#api.ask(body, signal)) {
        if (name === "delta") exchange.statements.push(data);
        if (name === "citation") exchange.citations.push(data);
        if (name === "done") {
          const { statements, citations } = data;
          Object.assign(exchange, { status: "done", statements, citations, answer: data });
        } else if (name !== "passages") this.#tell("grown", exchange);
      }
      return { outcome: "answered" };
    } catch (error) {
      const fault = error instanceof Fault ? error : new Fault("broken");
      exchange.status = signal.aborted ? "stopped" : "failed";
      exchange.fault = fault.kind;
      return { outcome: exchange.status, fault };
    }
  }

  // The latest turns before it, short enough for the service's limit on a body.
  #before(exchange) {
    const before = this.exchanges.slice(0, this.exchanges.indexOf(exchange)).filter(({ answer }) => answer);
    if (!before.length && exchange.after) return [{ role: "user", content: exchange.after }];
    return before.slice(-TURNS_BACK).flatMap(({ question, answer }) => [
      { role: "user", content: question },
      { role: "assistant", content: cut(answer.answer, 0, MAX_TURN)[1] },
    ]);
  }
}
