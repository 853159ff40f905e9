import fc from "fast-check";
import { expect, test } from "vitest";
import { renderSyncReportHtml, renderVerifyReportHtml } from "../../../src/index.js";
import { PAGE_STYLE } from "../../../src/report/page-style.js";
import { syncFleetReport, verifyFleetReport } from "../../reports/fleet-reports.js";
import { hostileText } from "../../reports/hostile-words.js";
import { madeOf, withWords } from "../../reports/with-words.js";

const RENDERED = {
  "a sync": (words: readonly string[]) =>
    renderSyncReportHtml(withWords(syncFleetReport({ tenants: 60 }), madeOf(words))),
  "a verification": (words: readonly string[]) =>
    renderVerifyReportHtml(withWords(verifyFleetReport({ tenants: 60 }), madeOf(words))),
};

const TAG = /<[^>]*>/g;

/** The tags of a page with empty attributes, in any order; what the report says is in none of them. */
function tagsOf(html: string): string[] {
  return (html.match(TAG) ?? []).map((tag) => tag.replaceAll(/"[^"]*"/g, '""')).toSorted();
}

/** The style is the same on every page, and has signs of its own. */
function withoutStyle(html: string): string {
  return html.replace(PAGE_STYLE, "");
}

test.each(Object.entries(RENDERED))(
  "no value of the report of %s leaves its place",
  { timeout: 60_000 },
  (_, render) => {
    const harmless = tagsOf(withoutStyle(render(["harmless"])));
    fc.assert(
      fc.property(fc.array(hostileText, { minLength: 1, maxLength: 40 }), (words) => {
        const html = withoutStyle(render(words));
        expect(tagsOf(html)).toEqual(harmless);
        expect(html.replaceAll(TAG, "")).not.toMatch(/[<>]/);
        // Nothing is left that reads otherwise than it is written, line ends of messages excepted.
        expect(html).not.toMatch(/[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|[^\P{Cc}\n]/u);
      }),
      { numRuns: 100 },
    );
  },
);
