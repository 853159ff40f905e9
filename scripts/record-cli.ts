/**
 * Records what the command line shows on 2,000 legacy tenants, in a pseudo-terminal, into `docs/recordings/`. Takes some
 * minutes and two gigabytes; run it when what the program prints has changed: `npm run build && npm run docs:record`.
 * With another number, `npm run docs:record -- --tenants 50`, it shows the same and writes nothing.
 */
import { spawn } from "@lydell/node-pty";
import { Kysely, PostgresDialect } from "kysely";
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs, stripVTControlCharacters } from "node:util";
import pg from "pg";
import { startEmbeddedServer } from "../test/database/embedded-server.js";
import {
  type LegacyVariant,
  loadLegacyShared,
  loadLegacyTemplate,
  loadLegacyTenant,
} from "../test/legacy/legacy-system.js";

const RECORDED_TENANTS = 2_000;
const COLUMNS = 130;
/** Of the hundreds of times that the bar is drawn, as many are shown. */
const BARS_SHOWN = 3;

const COMMANDS = [
  ["status-before", ["status"]],
  ["plan", ["plan"]],
  ["sync", ["sync", "--canary", "1", "--max-failures", "20"]],
  ["status-after", ["status"]],
  ["verify", ["verify"]],
] as const;

const { values } = parseArgs({ options: { tenants: { type: "string", default: String(RECORDED_TENANTS) } } });
const tenants = Number(values.tenants);
/** The one whose column a report reads. */
const inTheWay = Math.ceil(tenants * 0.6);

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = `${root}docs/recordings`;
mkdirSync(folder, { recursive: true });
const server = await startEmbeddedServer({ version: "18" });
try {
  await loadFleet();
  for (const [name, args] of COMMANDS) {
    const text = await record(args);
    if (tenants === RECORDED_TENANTS) writeFileSync(`${folder}/${name}.txt`, text);
    console.log(text);
  }
} finally {
  await server.stop();
}

/** Every variant of the legacy system a fifth of the fleet, and one tenant that a report reads, which comes in the way. */
async function loadFleet(): Promise<void> {
  const pool = new pg.Pool({ connectionString: server.url, max: 1 });
  const db = new Kysely<any>({ dialect: new PostgresDialect({ pool }) });
  await loadLegacyShared(db);
  await loadLegacyTemplate(db);
  const variants: readonly LegacyVariant[] = ["a", "b", "c", "d", "e"];
  for (let number = 1; number <= tenants; number += 1) {
    const variant = variants[number % variants.length] ?? "a";
    await loadLegacyTenant(db, variant, `user_${number}`, number, { data: variant < "d" });
  }
  await pool.query(
    `create view user_${inTheWay}.jobs_by_batch as
     select batch_id, count(*) from user_${inTheWay}.marketplace_jobs group by 1`,
  );
  await db.destroy();
}

async function record(args: readonly string[]): Promise<string> {
  let output = "";
  const terminal = spawn(process.execPath, [`${root}dist/cli.js`, ...args], {
    name: "xterm-256color",
    cols: COLUMNS,
    rows: 50,
    env: { PATH: process.env["PATH"], DATABASE_URL: server.url },
  });
  terminal.onData((text) => (output += text));
  const exitCode = await new Promise<number>((resolve) => terminal.onExit((end) => resolve(end.exitCode)));
  return `$ marketplace-jobs ${args.join(" ")}\n${asText(output)}\n$ echo $?\n${exitCode}\n`;
}

/** What stays on a terminal, with a few of the bars that were drawn over one another. */
function asText(output: string): string {
  const isBar = (line: string): boolean => /^[█░]/.test(line);
  const lines = output.split(/\r?\n/).flatMap((line) => {
    const drawn = line.split("\u001b[1G").map((text) => stripVTControlCharacters(text).trimEnd());
    return drawn.length === 1 ? drawn : drawn.filter((text) => text !== "");
  });
  const bars = lines.filter(isBar);
  const shown = new Set(
    Array.from({ length: BARS_SHOWN }, (_, index) => bars[Math.floor(((index + 0.5) * bars.length) / BARS_SHOWN)]),
  );
  return lines
    .filter((line) => !isBar(line) || shown.delete(line))
    .join("\n")
    .trimEnd();
}
