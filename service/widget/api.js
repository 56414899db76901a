// The service over HTTP. Every failure is a Fault whose kind is a key of `faults` in words.js.

export class Fault extends Error {
  constructor(kind, status = 0, problem = null) {
    super(problem?.detail ?? kind);
    this.kind = kind;
    this.status = status;
    this.problem = problem;
  }
}

const KINDS = { 404: "unknown", 408: "busy", 429: "busy", 502: "unreachable", 503: "busy", 504: "unreachable" };

export const FEW = 20; // of more reports there is no menu

export class Api {
  #reports = null;
  #known = {};

  constructor(base, report) {
    this.base = base.replace(/\/+$/, "");
    this.report = report;
    this.chosen = null; // in the menu, where no report was given
  }

  url(path) {
    return this.base + path;
  }

  // The report asked for, or the first few of all. Asked again only where the last time failed.
  reports() {
    const path = this.report ? `/v1/reports/${encodeURIComponent(this.report)}` : `/v1/reports?limit=${FEW + 1}`;
    this.#reports ??= this.#get(path).then(
      (found) => found.reports ?? [found],
      (fault) => {
        this.#reports = null;
        throw fault;
      },
    );
    return this.#reports;
  }

  async reportOf(id) {
    const known = (await this.reports()).find((report) => report.id === id);
    return known ?? this.#get(`/v1/reports/${encodeURIComponent(id)}`);
  }

  // What may be meant of the one report that is asked; nothing where there are several.
  async completions(language) {
    const asked = this.report ?? this.chosen;
    const [{ id }, ...others] = asked ? [{ id: asked }] : await this.reports();
    if (others.length) return [];
    const path = `/v1/reports/${encodeURIComponent(id)}/completions?lang=${language}`;
    this.#known[path] ??= this.#get(path);
    return (await this.#known[path]).completions;
  }

  async paragraph(report, ref, language) {
    const path = `/v1/reports/${encodeURIComponent(report)}/paragraphs/${encodeURIComponent(ref)}?lang=${language}`;
    return (await this.#get(path)).paragraphs[0];
  }

  // The events of an answer: {name: "delta", data: {…}}, … up to `done`.
  async *ask(body, signal) {
    const response = await this.#fetch("/v1/ask", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...body, report: this.report ?? this.chosen, stream: true }),
      signal,
    });
    for await (const event of events(response.body)) {
      if (event.name === "error") throw new Fault(KINDS[event.data.status] ?? "broken", event.data.status, event.data);
      yield event;
      if (event.name === "done") return;
    }
    throw new Fault("broken");
  }

  async feedback(answer, verdict) {
    const headers = { "content-type": "application/json" };
    await this.#fetch("/v1/feedback", { method: "POST", headers, body: JSON.stringify({ id: answer.id, verdict }) });
  }

  async #get(path) {
    return (await this.#fetch(path)).json();
  }

  async #fetch(path, options) {
    let response;
    try {
      response = await fetch(this.url(path), { credentials: "omit", ...options });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Fault("unreachable");
    }
    if (response.ok) return response;
    const problem = await response.json().catch(() => null);
    const kind = KINDS[response.status] ?? (response.status < 500 ? "refused" : "unreachable");
    throw new Fault(kind, response.status, problem);
  }
}

// Server-sent events out of a body that arrives in pieces of any size.
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      text += value;
      const blocks = text.split(/\r?\n\r?\n/);
      text = blocks.pop();
      for (const block of blocks) {
        const fields = { event: "message", data: "" };
        for (const line of block.split(/\r?\n/)) {
          const [, name, content] = /^(\w+): ?(.*)$/s.exec(line) ?? [];
          if (name) fields[name] = name === "data" ? fields.data + content : content;
        }
        if (fields.data) yield { name: fields.event, data: JSON.parse(fields.data) };
      }
    }
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Fault("broken");
  } finally {
    reader.cancel().catch(() => {});
  }
}
