/** Keys whose values a report's schema lists; all others hold words that a host or a server chose. */
const LISTED = new Set(["status", "startedAt", "role", "outcome", "kind", "difference"]);

type Words = (original: string) => string;

/** The report with each of its free words put into others, equal ones into equal ones. */
export function withWords<Report>(report: Report, words: Words): Report {
  return replaced(report, words) as Report;
}

function replaced(value: unknown, words: Words): unknown {
  if (typeof value === "string") return words(value);
  if (Array.isArray(value)) return value.map((item) => replaced(item, words));
  if (typeof value !== "object" || value === null) return value;
  // The state of a session is the server's word, that of a schema is listed.
  const isSession = "pid" in value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) =>
      LISTED.has(key) || (key === "state" && !isSession) ? [key, inner] : [key, replaced(inner, words)],
    ),
  );
}

/** A word of its own for every word, each made of one of the given ones. */
export function madeOf(beginnings: readonly string[]): Words {
  const known = new Map<string, string>();
  return (original) => {
    const word = known.get(original) ?? `${beginnings[known.size % beginnings.length] ?? ""}·${known.size}`;
    known.set(original, word);
    return word;
  };
}
