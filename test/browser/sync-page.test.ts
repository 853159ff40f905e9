import type { Locator } from "playwright-core";
import { describe, expect } from "vitest";
import { renderSyncReportHtml, type SyncReport } from "../../src/index.js";
import { OUTCOME_TONES } from "../../src/report/sync-outcome-words.js";
import { syncOutcomes } from "../../src/sync/sync-report.js";
import { accessibilityProblems } from "./accessibility.js";
import { browserTest as test, hasBrowser } from "./browser-fixtures.js";
import { syncFleetReport } from "../reports/fleet-reports.js";

const SIZES = [10, 300, 10_000];
const COLUMN_HINT = "Drop each of them, or make it read batch_jobs.batch_id through batch_job_id, and run again.";

describe.skipIf(!hasBrowser)("the page of a sync", () => {
  test.for(SIZES)(
    "asks for nothing besides itself and complains of nothing, with %i tenants",
    async (tenants, { open }) => {
      const { page, url, requests, complaints } = await open(renderSyncReportHtml(syncFleetReport({ tenants })), {
        javaScriptEnabled: true,
      });
      await page.waitForLoadState("networkidle");
      expect(requests).toEqual([url]);
      expect(complaints).toEqual([]);
      expect(await page.locator("script, link, img, iframe, [style]").count()).toBe(0);
    },
  );

  test.for(SIZES)(
    "has a cell for each schema, as many of each outcome as the summary says, with %i tenants",
    async (tenants, { open }) => {
      const report = syncFleetReport({ tenants });
      const { page } = await open(renderSyncReportHtml(report));
      const cells = await page.locator(".grid li").evaluateAll((all) => all.map(({ className }) => className));
      for (const outcome of syncOutcomes) {
        expect(cells.filter((tone) => tone === OUTCOME_TONES[outcome])).toHaveLength(report.summary[outcome]);
      }
      expect(cells).toHaveLength(tenants + 2);
    },
  );

  test("leads from a failed cell to what failed there, by the keyboard alone", async ({ open }) => {
    const { page, url } = await open(renderSyncReportHtml(syncFleetReport({ tenants: 300 })));
    const cell = page.getByRole("link", { name: "user_294", exact: true });
    await cell.focus();
    await page.keyboard.press("Enter");
    const entry = page.locator(":target");
    expect(await entry.innerText()).toBe("user_294");
    expect(page.url()).toMatch(new RegExp(`^${url}#schema-\\d+$`));
    await expect.poll(async () => await isInView(entry)).toBe(true);
    const failure = page.locator("article", { has: page.locator(":target") });
    const words = await failure.innerText();
    for (const told of ["COLUMN_IN_USE", "SQLSTATE MJ005", "0005_drop_marketplace_jobs_batch_id", COLUMN_HINT]) {
      expect(words).toContain(told);
    }
    expect(words).toContain("marketplace_jobs.batch_id is still used by one object: view user_294.jobs_by_batch.");
  });

  test("tells of a busy tenant who was in the way", async ({ open }) => {
    const { page } = await open(renderSyncReportHtml(syncFleetReport({ tenants: 10 })));
    const row = page.getByRole("row", { name: /^user_5 / });
    expect((await row.first().innerText()).split(/\s*\t\s*|\n/)).toEqual([
      "user_5",
      "4711",
      "nightly-report",
      "idle in transaction",
      "12 min 34 s",
    ]);
  });

  test("shows names at once where there is room, and by a press of a key where there is not", async ({ open }) => {
    const few = await open(renderSyncReportHtml(syncFleetReport({ tenants: 10 })));
    expect(await heightOf(few.page.locator(".grid li", { hasText: "user_10" }))).toBeGreaterThan(16);
    const many = await open(renderSyncReportHtml(syncFleetReport({ tenants: 10_000 })));
    const cell = many.page.locator(".grid li").nth(4_712);
    expect(await cell.textContent()).toBe("user_4711");
    expect(await heightOf(cell)).toBeLessThan(9);
    await many.page.getByRole("checkbox", { name: "Show names" }).focus();
    await many.page.keyboard.press("Space");
    expect(await heightOf(cell)).toBeGreaterThan(16);
  });

  test.for([
    ["light", 1_100],
    ["dark", 1_100],
    ["light", 375],
    ["dark", 375],
  ] as const)("can be read by everyone, %s and %i pixels wide", async ([colorScheme, width], { open }) => {
    const report = syncFleetReport({ tenants: 300, databases: ["frankfurt", "paris"] });
    const { page } = await open(renderSyncReportHtml(report), {
      colorScheme,
      viewport: { width, height: 900 },
      javaScriptEnabled: true,
    });
    expect(await accessibilityProblems(page)).toEqual([]);
    // The page itself never scrolls sideways; a wide table does so in its own frame.
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
    const ground = await page.evaluate("getComputedStyle(document.body).backgroundColor");
    expect(ground).toBe(colorScheme === "dark" ? "rgb(13, 17, 23)" : "rgb(244, 246, 249)");
  });

  test("is printed black on white, with what is folded on the screen", async ({ open }) => {
    const { page } = await open(renderSyncReportHtml(syncFleetReport({ tenants: 300 })), { colorScheme: "dark" });
    const folded = page.getByText('"view user_3.jobs_by_batch"');
    expect(await folded.isVisible()).toBe(false);
    await page.emulateMedia({ media: "print" });
    expect(await folded.isVisible()).toBe(true);
    expect(await page.getByText("Show names").isVisible()).toBe(false);
    expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(255, 255, 255)");
    expect((await page.pdf()).subarray(0, 5).toString()).toBe("%PDF-");
  });

  test("says of a dry run that nothing was written", async ({ open }) => {
    const { page } = await open(renderSyncReportHtml(syncFleetReport({ tenants: 10, dryRun: true })));
    expect(await page.getByText("Dry run. Nothing was written").isVisible()).toBe(true);
    expect(await page.getByText("would be migrated").first().isVisible()).toBe(true);
    expect(await page.getByRole("heading", { name: "Timings" }).count()).toBe(0);
  });

  test("has a map of each database when there are several", async ({ open }) => {
    const report = syncFleetReport({ tenants: 20, databases: ["frankfurt", "paris"] });
    const { page } = await open(renderSyncReportHtml(report));
    for (const database of ["frankfurt", "paris"]) {
      expect(
        await page
          .getByRole("list", { name: `All schemas of ${database}` })
          .locator("li")
          .count(),
      ).toBe(22);
    }
  });

  test.for(["ok", "failed", "aborted"] as const)("says %s in its heading", async (status, { open }) => {
    const { page } = await open(
      renderSyncReportHtml({ ...syncFleetReport({ tenants: 3 }), status } satisfies SyncReport),
    );
    expect(await page.getByRole("heading", { level: 1 }).innerText()).toMatch(new RegExp(`^${status} `));
  });
});

async function heightOf(locator: Locator): Promise<number> {
  return (await locator.boundingBox())?.height ?? 0;
}

async function isInView(locator: Locator): Promise<boolean> {
  const box = await locator.boundingBox();
  const height = locator.page().viewportSize()?.height ?? 0;
  return box !== null && box.y >= 0 && box.y + box.height <= height;
}
