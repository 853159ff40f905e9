import { describe, expect, test } from "vitest";
import { chartsOf } from "../../../bench/page/charts.js";
import { renderPage } from "../../../bench/page/render-page.js";
import { BUSY_BEFORE, parseSuiteResult, suiteResultJson } from "../../../bench/suite-result.js";
import { comparisonTable, latencyTable, suiteRun } from "./measured-tables.js";

const writes = comparisonTable(
  { name: "createBatch, 200 jobs", setting: "one connection" },
  { "bare insert": 1, createBatch: 1.25, "COPY in a transaction": 1.1, "row by row": null },
);

describe("a page of figures", () => {
  test("prints a contender that failed as failed", () => {
    const page = renderPage("<!-- suite writes -->", [suiteRun("writes", [writes])]);
    expect(page).toContain("| row by row | failed: it broke | – | – | – | – | – |");
  });

  test("lists whatever was quicker than the library, the quickest first", () => {
    expect(renderPage("<!-- behind -->", [suiteRun("writes", [writes])])).toBe(
      [
        "| at | what is behind | what is ahead, with its part of the time |",
        "| --- | --- | --- |",
        "| createBatch, 200 jobs: one connection | createBatch | bare insert (0.80); COPY in a transaction (0.88) |",
      ].join("\n"),
    );
  });

  test("says of a suite without a run that it was not measured", () => {
    expect(renderPage("<!-- suite reads -->", [suiteRun("writes", [writes])])).toBe("Not measured yet.");
  });

  test("says why a run ended early", () => {
    const run = { ...suiteRun("writes", [writes]), failure: "no space left on device" };
    expect(renderPage("<!-- suite writes -->", [run])).toContain("**The run ended early: no space left on device**");
  });

  test("warns of a run that was not alone on its machine", () => {
    const busy = (share: string) => ({ ...suiteRun("writes", [writes]), setting: { [BUSY_BEFORE]: share } });
    for (const place of ["<!-- suite writes -->", "<!-- goals -->"]) {
      expect(renderPage(place, [busy("3 %")])).not.toContain("**Other programs");
      expect(renderPage(place, [busy("87 %")])).toContain("**Other programs");
    }
  });

  test("has no place for what nothing writes", () => {
    expect(() => renderPage("<!-- weather -->", [])).toThrow("weather");
  });

  test("gives the commands of all runs, and how long they take together", () => {
    const page = renderPage("<!-- commands -->", [suiteRun("reads", []), suiteRun("writes", [])]);
    expect(page.split("\n").slice(0, 3)).toEqual([
      "```sh not-run: takes 3 minutes and installs the peers",
      "npm run bench -- reads",
      "npm run bench -- writes",
    ]);
  });

  test("is the same from a file as from the run itself", () => {
    const run = suiteRun("writes", [writes]);
    const template = "<!-- suite writes -->\n<!-- behind -->\n<!-- goals -->";
    expect(renderPage(template, [parseSuiteResult(suiteResultJson(run))])).toBe(renderPage(template, [run]));
  });
});

describe("a picture", () => {
  test("of growth is drawn once two numbers of tenants were measured, one line a contender", () => {
    const apply = (tenants: number): ReturnType<typeof comparisonTable> =>
      comparisonTable(
        { name: "sync, 1 pending", setting: `${tenants} tenants, 0 ms network round trip`, tenants },
        { "raw pg": 1, syncTenantSchemas: 1.1, "Kysely Migrator per schema (20 tenants, scaled)": 30 },
      );
    expect(chartsOf([suiteRun("sync", [apply(100)])])).toEqual([]);
    const [chart, ...others] = chartsOf([suiteRun("sync", [apply(100)]), suiteRun("sync", [apply(1_000)])]);
    expect(others).toEqual([]);
    expect(chart?.file).toBe("sync-1-pending-0-ms-network-round-trip.svg");
    expect(chart?.svg.match(/<path class="line [^"]+" d="M[\d. ]+L/g)).toHaveLength(3);
  });

  test("of reads has a bar for each reader, and a word for one that failed", () => {
    const table = latencyTable(
      { name: "listJobs", setting: "concurrency 8" },
      { "raw pg": 1, listJobs: 2, Drizzle: 4, TypeORM: null },
    );
    const [chart] = chartsOf([suiteRun("reads", [table])]);
    const widths = [...(chart?.svg.matchAll(/<rect class="fill\d" [^>]*width="([\d.]+)"/g) ?? [])].map(([, width]) =>
      Number(width),
    );
    expect(widths.map((width) => width / (widths[0] ?? 1))).toEqual([1, expect.closeTo(0.5), expect.closeTo(0.25), 0]);
    expect(chart?.svg).toContain(">failed</text>");
  });
});
