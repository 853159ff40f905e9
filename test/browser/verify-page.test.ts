import { describe, expect } from "vitest";
import { renderVerifyReportHtml } from "../../src/index.js";
import { accessibilityProblems } from "./accessibility.js";
import { browserTest as test, hasBrowser } from "./browser-fixtures.js";
import { verifyFleetReport } from "../reports/fleet-reports.js";

describe.skipIf(!hasBrowser)("the page of a verification", () => {
  test.for([10, 300, 10_000])(
    "asks for nothing besides itself and complains of nothing, with %i tenants",
    async (tenants, { open }) => {
      const { page, url, requests, complaints } = await open(renderVerifyReportHtml(verifyFleetReport({ tenants })), {
        javaScriptEnabled: true,
      });
      await page.waitForLoadState("networkidle");
      expect(requests).toEqual([url]);
      expect(complaints).toEqual([]);
    },
  );

  test("has a cell for each schema, as many of each state as the summary says", async ({ open }) => {
    const report = verifyFleetReport({ tenants: 10_000 });
    const { page } = await open(renderVerifyReportHtml(report));
    const cells = await page.locator(".grid li").evaluateAll((all) => all.map(({ className }) => className));
    const count = (tones: RegExp): number => cells.filter((tone) => tones.test(tone)).length;
    expect({
      canonical: count(/^(good|back)$/),
      drifted: count(/^bad/),
      unreadable: count(/^ahead$/),
      gone: count(/^gone$/),
      pending: count(/^back$/),
    }).toEqual(report.summary);
    // Groups of drifted schemas look different from each other.
    expect(new Set(cells.filter((tone) => tone.startsWith("bad"))).size).toBe(2);
  });

  test("leads from a drifted cell to its group, its words and its SQL", async ({ open }) => {
    const { page } = await open(renderVerifyReportHtml(verifyFleetReport({ tenants: 300 })));
    await page.getByRole("link", { name: "user_20", exact: true }).focus();
    await page.keyboard.press("Enter");
    const words = await page.locator(":target").innerText();
    expect(words).toContain("group 1 · 18 schemas · 1 difference");
    expect(words).toContain("index marketplace_jobs_claim_idx of marketplace_jobs is missing");
    expect(words).toContain("create index marketplace_jobs_claim_idx on user_3.marketplace_jobs");
    expect(words).toContain("user_20");
  });

  test("tells what is to be mended by hand, and what could not be read", async ({ open }) => {
    const { page } = await open(renderVerifyReportHtml(verifyFleetReport({ tenants: 300 })));
    expect(await page.getByText("To be mended by hand:").first().isVisible()).toBe(true);
    await page.getByRole("link", { name: "user_66", exact: true }).focus();
    await page.keyboard.press("Enter");
    const words = await page.locator("article", { has: page.locator(":target") }).innerText();
    expect(words).toContain("PERMISSION_DENIED");
    expect(words).toContain("What to do: The role needs USAGE on the schema.");
  });

  test("folds a host's own objects and the notices, and unfolds them without a script", async ({ open }) => {
    const { page } = await open(renderVerifyReportHtml(verifyFleetReport({ tenants: 300 })));
    const own = page.getByText("FOREIGN KEY (product_id) REFERENCES products(id)");
    expect(await own.isVisible()).toBe(false);
    await page.getByText("1 object of your own").focus();
    await page.keyboard.press("Enter");
    expect(await own.isVisible()).toBe(true);
  });

  test.for([
    ["light", 1_100],
    ["dark", 1_100],
    ["light", 375],
    ["dark", 375],
  ] as const)("can be read by everyone, %s and %i pixels wide", async ([colorScheme, width], { open }) => {
    const { page } = await open(renderVerifyReportHtml(verifyFleetReport({ tenants: 300 })), {
      colorScheme,
      viewport: { width, height: 900 },
      javaScriptEnabled: true,
    });
    for (const summary of await page.locator("summary").all()) await summary.click();
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
  });
});
