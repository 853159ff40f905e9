import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { chartsOf } from "../../../bench/page/charts.js";
import { readSuiteRuns } from "../../../bench/page/read-suite-runs.js";
import { renderPage } from "../../../bench/page/render-page.js";

const docs = fileURLToPath(new URL("../../../docs/", import.meta.url));
const read = (path: string): string => readFileSync(`${docs}${path}`, "utf8");
const runs = readSuiteRuns(`${docs}benchmarks`);

describe("the page about the benchmarks", () => {
  test("is what the measured figures give, and nothing written by hand", () => {
    expect(read("benchmarks.md")).toBe(renderPage(read("../bench/page/template.md"), runs));
  });

  test("shows the pictures that the figures give, and no others", () => {
    const pictures = globSync("benchmarks/*.svg", { cwd: docs }).map((file) => [file, read(file)]);
    const drawn = chartsOf(runs).map(({ file, svg }) => [`benchmarks/${file}`, svg]);
    expect(Object.fromEntries(pictures)).toEqual(Object.fromEntries(drawn));
  });
});
