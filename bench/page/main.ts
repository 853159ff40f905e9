/** `npm run bench:page`: writes the page about the benchmarks, and its pictures, from what was measured. */
import { globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chartsOf } from "./charts.js";
import { readSuiteRuns } from "./read-suite-runs.js";
import { renderPage } from "./render-page.js";

const docs = fileURLToPath(new URL("../../docs/", import.meta.url));
const template = readFileSync(new URL("template.md", import.meta.url), "utf8");

const runs = readSuiteRuns(`${docs}benchmarks`);
for (const stale of globSync("benchmarks/*.svg", { cwd: docs })) rmSync(`${docs}${stale}`);
for (const { file, svg } of chartsOf(runs)) writeFileSync(`${docs}benchmarks/${file}`, svg);
writeFileSync(`${docs}benchmarks.md`, renderPage(template, runs));
