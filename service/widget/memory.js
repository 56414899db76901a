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

// What of an exchange is worth keeping: of an answer, what is shown of it.
export function worthKeeping({ question, language, after, report, verdict, status, fault, statements, citations, answer }) {
  const interrupted = status === "asking";
  return {
    question,
    language,
    after,
    report,
    verdict,
    status: interrupted ? "stopped" : status,
    fault,
    statements,
    citations,
    answer: answer && {
      id: answer.id,
      question: answer.question,
      feedback: answer.feedback,
      language: answer.language,
      answered: answer.answered,
      certainty: answer.certainty,
      answer: answer.answer,
      note: answer.note,
      passages: answer.answered ? [] : answer.passages,
    },
  };
}
