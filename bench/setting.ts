import { readFile } from "node:fs/promises";
import { cpus, loadavg, totalmem } from "node:os";
import pg from "pg";

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
    // A machine that does nothing else begins near nought.
    ["load before the run", loadavg()[0]?.toFixed(2) ?? "?"],
    ["node", process.version.slice(1)],
    ...(await Promise.all(["kysely", "pg", ...packages].map(versionOf))),
    ...rows.map(({ name, value }): [string, string] => [name, value]),
  ]);
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
