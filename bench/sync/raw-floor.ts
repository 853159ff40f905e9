import pg from "pg";
import { migrations } from "../../migrations/index.js";
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
  await sendAll({
    url,
    concurrency,
    messages: fleet.schemas.map((schema) => () => transaction(schema, pending, migrations, isFirst)),
  });
}

interface SendAllParams {
  readonly url: string;
  readonly concurrency: number;
  /** Each is made when it is sent, so that ten thousand scripts are not held at once. */
  readonly messages: readonly (() => string)[];
}

/** Sends messages over a few connections, each as soon as one of them is free. */
export async function sendAll({ url, concurrency, messages }: SendAllParams): Promise<void> {
  const clients = Array.from({ length: concurrency }, () => new pg.Client({ connectionString: url }));
  for (const client of clients) client.on("error", () => {});
  await Promise.all(clients.map((client) => client.connect()));
  const rest = messages.values();
  await Promise.all(
    clients.map(async (client) => {
      for (const message of rest) await client.query(message());
    }),
  );
  await Promise.all(clients.map((client) => client.end()));
}
