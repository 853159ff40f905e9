import { Markup, markup } from "./markup.js";
import { PAGE_STYLE, PAGE_STYLE_HASH } from "./page-style.js";
import { duration } from "./quantity.js";
import type { Tone } from "./tone.js";

interface PageParams {
  /** What kind of report it is. */
  readonly kind: string;
  readonly status: string;
  readonly tone: Tone;
  /** The report in one sentence. */
  readonly headline: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly databases: readonly string[];
  readonly sections: readonly Markup[];
}

/**
 * A whole page that needs nothing besides itself. Its policy lets nothing be loaded and no script run, whatever a
 * report's values hold; the one style that it allows is named by its hash.
 */
export function renderPage(page: PageParams): string {
  const { kind, status, tone, headline, sections } = page;
  const { text } = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${PAGE_STYLE_HASH}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${kind}: ${status}: ${headline}</title>
<style>${new Markup(PAGE_STYLE)}</style>
</head>
<body>
<header>
<p class="kind">${kind}</p>
<h1><span class="status ${tone}">${status}</span> ${headline}</h1>
<p class="facts">${facts(page)}</p>
</header>
<main>
${sections}
</main>
<footer>Made by marketplace-jobs from the report’s own data. This page loads nothing and runs no script.</footer>
</body>
</html>
`;
  return text;
}

function facts({ startedAt, durationMs, databases }: PageParams): Markup {
  const servers = databases.length === 0 ? [] : markup` · <span>${databases.join(", ")}</span>`;
  return markup`<time datetime="${startedAt}">${inUtc(startedAt)}</time> · took ${duration(durationMs)}${servers}`;
}

/** "2026-11-26 04:57:32 UTC" */
function inUtc(isoTime: string): string {
  return isoTime.replace("T", " ").replace(/(\.\d+)?Z$/, " UTC");
}
