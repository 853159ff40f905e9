/** `npm run bench [-- name …]`: measures the library beside the bare protocol and its peers, and prints ratios. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startTestServer } from "../test/database/test-server.js";
import { failureText } from "./failure-text.js";
import { markdownOf, type ResultTable } from "./result-table.js";
import { describeSetting } from "./setting.js";
import { type SuiteResult, suiteResultJson } from "./suite-result.js";
import { suites } from "./suites.js";

const { values, positionals, tokens } = parseArgs({
  allowPositionals: true,
  options: {
    tenants: { type: "string" },
    rounds: { type: "string" },
    delay: { type: "string", default: "0" },
    peers: { type: "boolean", default: true },
    quick: { type: "boolean", default: false },
    /** A folder that gets a file for each suite, of which the page is made. */
    output: { type: "string" },
    /** Added to the names of these files, for a suite that is measured in several runs. */
    part: { type: "string" },
  },
  allowNegative: true,
  tokens: true,
});
const names = positionals.length === 0 ? Object.keys(suites) : positionals;
const unknown = names.filter((name) => !(name in suites));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(", ")}; there are ${Object.keys(suites).join(", ")}.`);
  process.exit(2);
}

const options = {
  tenants: numbers("tenants", values.tenants ?? (values.quick ? "10" : "100,1000")),
  rounds: numbers("rounds", values.rounds ?? (values.quick ? "1" : "3"))[0] ?? 1,
  roundTripsMs: numbers("delay", values.delay),
  withPeers: values.peers,
  quick: values.quick,
};
const server = await startTestServer();
let isComplete = true;
try {
  for (const name of names) {
    const result = await run(name);
    console.log(
      Object.entries(result.setting)
        .map(([what, value]) => `${what}: ${value}\n`)
        .join(""),
    );
    console.log(
      `${name}: ${result.minutes.toFixed(1)} minutes${result.failure === undefined ? "" : ", then it failed"}\n`,
    );
    isComplete &&= result.failure === undefined && result.tables.every((table) => !hasFailed(table));
    if (values.output !== undefined) {
      await mkdir(values.output, { recursive: true });
      const file = [name, ...(values.part === undefined ? [] : [values.part])].join("-");
      await writeFile(join(values.output, `${file}.json`), suiteResultJson(result));
    }
  }
} finally {
  await server.stop();
}
if (!isComplete) process.exitCode = 1;

/** Runs a suite to its end, or to where it fails: what was measured until then is worth keeping. */
async function run(name: string): Promise<SuiteResult> {
  const { peers = [], run: tablesOf } = suites[name] ?? {};
  const startedAt = new Date();
  const setting = await describeSetting(server.url, peers);
  const tables: ResultTable[] = [];
  let failure: string | undefined;
  try {
    for await (const table of tablesOf?.({ ...options, url: server.url }) ?? []) {
      tables.push(table);
      console.log(markdownOf(table));
    }
  } catch (error) {
    console.error(error);
    failure = failureText(error);
  }
  const given = tokens.flatMap((token) => {
    if (token.kind !== "option") return [];
    return token.value === undefined ? [token.rawName] : [token.rawName, token.value];
  });
  return {
    suite: name,
    command: ["npm run bench --", name, ...given].join(" "),
    startedAt: startedAt.toISOString(),
    minutes: Math.round((Date.now() - startedAt.getTime()) / 6_000) / 10,
    setting,
    tables,
    ...(failure === undefined ? {} : { failure }),
  };
}

function hasFailed(table: ResultTable): boolean {
  const rows = "latencies" in table ? table.latencies : "costs" in table ? table.costs : table.comparisons;
  return rows.some(({ failure }) => failure !== undefined);
}

function numbers(option: string, list: string): number[] {
  const parsed = list.split(",").map(Number);
  if (parsed.some((number) => !Number.isInteger(number) || number < 0)) {
    console.error(`--${option} takes whole numbers, with commas between them.`);
    process.exit(2);
  }
  return parsed;
}
