import fc from "fast-check";
import { describe, expect } from "vitest";
import { renderSyncReportHtml, renderVerifyReportHtml } from "../../src/index.js";
import { printable } from "../../src/report/printable.js";
import { browserTest as test, hasBrowser } from "./browser-fixtures.js";
import { syncFleetReport, verifyFleetReport } from "../reports/fleet-reports.js";
import { HOSTILE_WORDS, hostileText } from "../reports/hostile-words.js";
import { madeOf, withWords } from "../reports/with-words.js";

const TENANTS = 120;

/** A page for each kind of report, with its free words made of the given ones. */
function pagesOf(words: readonly string[]): readonly string[] {
  return [
    renderSyncReportHtml(withWords(syncFleetReport({ tenants: TENANTS }), madeOf(words))),
    renderVerifyReportHtml(withWords(verifyFleetReport({ tenants: TENANTS }), madeOf(words))),
  ];
}

/** Every element of a page with the names of its attributes, as the browser has understood it, in any order. */
const STRUCTURE = `(html) => [...new DOMParser().parseFromString(html, "text/html").querySelectorAll("*")]
  .map((element) => [element.localName, ...element.getAttributeNames()].join(" ")).toSorted()`;

describe.skipIf(!hasBrowser)("names and messages that mean harm", () => {
  test("run nothing and load nothing, even where a browser would ignore the page's policy", async ({ open }) => {
    for (const html of pagesOf(HOSTILE_WORDS)) {
      const { page, url, requests, complaints } = await open(html, { javaScriptEnabled: true, bypassCSP: true });
      for (const summary of await page.locator("summary").all()) await summary.click();
      await page.locator(".with-names").first().check();
      await page.locator(".grid li").first().hover();
      expect(await page.evaluate("globalThis.owned")).toBeUndefined();
      expect(requests).toEqual([url]);
      expect(complaints).toEqual([]);
    }
  });

  test("are shown as they are, with what cannot be seen spelled out", async ({ open }) => {
    const report = withWords(syncFleetReport({ tenants: TENANTS }), madeOf(HOSTILE_WORDS));
    const { page } = await open(renderSyncReportHtml(report));
    const shown = await page.locator(".grid li").allTextContents();
    expect(shown.toSorted()).toEqual(report.tenants.map(({ schema }) => printable(schema)).toSorted());
    const titles = await page.locator(".grid li").evaluateAll((cells) => cells.map(({ title }) => title));
    expect(titles.filter((title) => /[\p{Cc}\p{Cf}\p{Cs}]/u.test(title))).toEqual([]);
    const untitled = report.tenants.filter(
      ({ schema }) => !titles.some((title) => title.startsWith(`${printable(schema)}: `)),
    );
    expect(untitled).toEqual([]);
  });

  test("leave every page with the elements that harmless ones give it", async ({ open }) => {
    const { page } = await open("", { javaScriptEnabled: true });
    const structureOf = (html: string): Promise<unknown> => page.evaluate(`(${STRUCTURE})(${JSON.stringify(html)})`);
    const [sync, verify] = pagesOf(["harmless"]);
    const harmless = [await structureOf(sync ?? ""), await structureOf(verify ?? "")];
    await fc.assert(
      fc.asyncProperty(fc.array(hostileText, { minLength: 1, maxLength: 40 }), async (words) => {
        for (const [index, html] of pagesOf(words).entries()) expect(await structureOf(html)).toEqual(harmless[index]);
      }),
      { numRuns: 40 },
    );
  });
});

describe.skipIf(!hasBrowser)("the policy of a page", () => {
  test("lets no script run and nothing be loaded that somebody puts into the file", async ({ open }) => {
    const [page = ""] = pagesOf(["harmless"]);
    const html = page.replace(
      "</main>",
      `<script>globalThis.owned = true</script><p onclick="globalThis.owned = true" id="press">press</p>
<style>#press { color: red }</style><img src="x.png" onerror="globalThis.owned = true"></main>`,
    );
    const opened = await open(html, { javaScriptEnabled: true });
    await opened.page.locator("#press").click();
    expect(await opened.page.evaluate("globalThis.owned")).toBeUndefined();
    expect(await opened.page.evaluate("getComputedStyle(press).color")).not.toBe("rgb(255, 0, 0)");
    expect(await opened.page.evaluate("document.querySelector('img').naturalWidth")).toBe(0);
    expect(opened.complaints.join("\n")).toMatch(/Content Security Policy/);
  });
});
