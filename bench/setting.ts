import { readFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { setTimeout } from "node:timers/promises";
import pg from "pg";
import { BUSY_BEFORE } from "./suite-result.js";

const SERVER_SETTINGS = [
  "server_version",
  "fsync",
  "synchronous_commit",
  "full_page_writes",
  "shared_buffers",
  "max_wal_size",
  "max_connections",
  "max_locks_per_transaction",
];

const WATCHED_MS = 2_000;

/** What a figure means nothing without: the machine, versions and settings. */
export async function describeSetting(url: string, packages: readonly string[]): Promise<Record<string, string>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ name: string; value: string }>(
    "select name, current_setting(name) as value from unnest($1::text[]) as name",
    [SERVER_SETTINGS],
  );
  await client.end();
  return Object.fromEntries([
    ["machine", `${cpus().length} × ${cpus()[0]?.model.trim() ?? "?"}, ${Math.round(totalmem() / 2 ** 30)} GiB`],
    [BUSY_BEFORE, `${Math.round(100 * (await busyShare()))} %`],
    ["node", process.version.slice(1)],
    ...(await Promise.all(["kysely", "pg", ...packages].map(versionOf))),
    ...rows.map(({ name, value }): [string, string] => [name, value]),
  ]);
}

/** What others leave the processors to do while we do nothing; the load average would remember our own last suite. */
async function busyShare(): Promise<number> {
  const before = processorTimes();
  await setTimeout(WATCHED_MS);
  const after = processorTimes();
  return 1 - (after.idle - before.idle) / (after.total - before.total);
}

function processorTimes(): { readonly idle: number; readonly total: number } {
  const times = cpus().flatMap((cpu) => Object.entries(cpu.times));
  const sum = (rows: typeof times): number => rows.reduce((total, [, ms]) => total + ms, 0);
  return { idle: sum(times.filter(([kind]) => kind === "idle")), total: sum(times) };
}

/** The peers are installed beside the benchmark, the rest beside the library. */
async function versionOf(name: string): Promise<[string, string]> {
  const manifest = await read(`./node_modules/${name}/package.json`).catch(() =>
    read(`../node_modules/${name}/package.json`),
  );
  return [name, (JSON.parse(manifest) as { version: string }).version];
}

async function read(path: string): Promise<string> {
  return readFile(new URL(path, import.meta.url), "utf8");
}
