/** `npm run bench [-- name …]`: measures the library beside the bare protocol and its peers, and prints ratios. */
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { startTestServer } from "../test/database/test-server.js";
import { type BenchmarkTable, toMarkdown } from "./benchmark-table.js";
import { latenciesToMarkdown, type LatencyTable } from "./latency-table.js";
import { describeSetting } from "./setting.js";
import { suites } from "./suites.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    tenants: { type: "string", default: "100,1000" },
    rounds: { type: "string", default: "3" },
    delay: { type: "string", default: "0" },
    peers: { type: "boolean", default: true },
    output: { type: "string" },
  },
  allowNegative: true,
});
const names = positionals.length === 0 ? Object.keys(suites) : positionals;
const unknown = names.filter((name) => !(name in suites));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(", ")}; there are ${Object.keys(suites).join(", ")}.`);
  process.exit(2);
}

const numbers = (list: string): number[] => list.split(",").map(Number);
const server = await startTestServer();
const tables: (BenchmarkTable | LatencyTable)[] = [];
try {
  for (const name of names) {
    const options = {
      url: server.url,
      tenants: numbers(values.tenants),
      rounds: Number(values.rounds),
      roundTripsMs: numbers(values.delay),
      withPeers: values.peers,
    };
    for await (const table of suites[name]?.(options) ?? []) {
      tables.push(table);
      console.log(markdownOf(table));
    }
  }
  const setting = await describeSetting(server.url, process.argv.slice(2));
  console.log(setting.map(([what, value]) => `${what}: ${value}`).join("\n"));
  if (values.output !== undefined) {
    await writeFile(
      `${values.output}.json`,
      `${JSON.stringify({ setting: Object.fromEntries(setting), tables }, undefined, 2)}\n`,
    );
    await writeFile(`${values.output}.md`, page(setting));
  }
} finally {
  await server.stop();
}

function markdownOf(table: BenchmarkTable | LatencyTable): string {
  return "latencies" in table ? latenciesToMarkdown(table) : toMarkdown(table);
}

function page(setting: readonly (readonly [string, string])[]): string {
  return [
    "# Benchmarks",
    "",
    "Measured on a shared machine while other programs ran on its two cores; only ratios of one run mean anything.",
    "Contenders take turns, each round beginning with another one. Figures are medians over the rounds; what is lost",
    "is printed too. This page is written by the command below.",
    "",
    ...setting.map(([what, value]) => `- ${what}: \`${value}\``),
    "",
    ...tables.map(markdownOf),
  ].join("\n");
}
