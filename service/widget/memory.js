// The conversation, kept for as long as the tab is open. Where a browser keeps nothing, it is simply not kept.

const VERSION = 1;
export const MAX_EXCHANGES = 40;

export class Memory {
  // `place` tells the widgets of a page apart; the first is 0.
  constructor(base, report, place) {
    this.key = `fiqra:${base}:${report ?? ""}${place > 0 ? `:${place}` : ""}`;
  }

  // What was kept, or null: {language, chosen, open, exchanges: […]}
  load() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(this.key));
      return kept?.version === VERSION && Array.isArray(kept.exchanges) ? kept : null;
    } catch {
      return null;
    }
  }

  save(conversation) {
    try {
      sessionStorage.setItem(this.key, JSON.stringify({ version: VERSION, ...conversation }));
    } catch {
      // full or forbidden
    }
  }
}

// What of an exchange is worth keeping: of an answer, what is shown of it and not held beside it.
export function worthKeeping({ status, answer, ...exchange }) {
  const passages = answer?.answered ? [] : answer?.passages;
  return {
    ...exchange,
    status: status === "asking" ? "stopped" : status,
    answer: answer && { ...answer, passages, statements: undefined, citations: undefined },
  };
}
