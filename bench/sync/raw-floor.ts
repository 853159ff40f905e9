import pg from "pg";
import { migrations, sharedMigrations } from "../../migrations/index.js";
import { type Fleet, transaction } from "./tenant-fleet.js";

interface RawFloorParams {
  readonly fleet: Fleet;
  readonly url: string;
  readonly pending: readonly string[];
  readonly concurrency: number;
}

/**
 * The least a program could do: it knows beforehand what each tenant lacks, takes no lock, checks nothing, and sends
 * one transaction a tenant over `concurrency` connections.
 */
export async function runRawFloor({ fleet, url, pending, concurrency }: RawFloorParams): Promise<void> {
  const isFirst = pending[0] === Object.keys(migrations)[0];
  const clients = Array.from({ length: concurrency }, () => new pg.Client({ connectionString: url }));
  for (const client of clients) client.on("error", () => {});
  await Promise.all(clients.map((client) => client.connect()));
  const [first] = clients;
  if (isFirst) await first?.query(transaction("public", Object.keys(sharedMigrations), sharedMigrations));
  await first?.query(transaction("template_tenant", pending, migrations, isFirst));
  const rest = fleet.schemas.values();
  await Promise.all(
    clients.map(async (client) => {
      for (const schema of rest) await client.query(transaction(schema, pending, migrations, isFirst));
    }),
  );
  await Promise.all(clients.map((client) => client.end()));
}
