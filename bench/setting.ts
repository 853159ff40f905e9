import { readFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import pg from "pg";

/** What a figure means nothing without: versions, settings and the command. */
export async function describeSetting(url: string, command: readonly string[]): Promise<[string, string][]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ name: string; value: string }>(`
    select name, current_setting(name) as value
    from unnest(array['server_version', 'fsync', 'synchronous_commit', 'shared_buffers', 'max_connections',
      'max_locks_per_transaction']) as name`);
  await client.end();
  return [
    ["command", ["npm run bench --", ...command].join(" ")],
    ["machine", `${cpus().length} × ${cpus()[0]?.model.trim() ?? "?"}, ${Math.round(totalmem() / 2 ** 30)} GiB`],
    ["node", process.version],
    ...(await Promise.all(["kysely", "pg"].map(versionOf))),
    ...rows.map(({ name, value }): [string, string] => [name, value]),
  ];
}

async function versionOf(name: string): Promise<[string, string]> {
  const manifest = await readFile(new URL(`../node_modules/${name}/package.json`, import.meta.url), "utf8");
  return [name, (JSON.parse(manifest) as { version: string }).version];
}
