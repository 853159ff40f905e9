import { ledgerOf } from "../../src/tenancy/ledger.js";
import { SCHEMAS_PER_QUERY } from "../../src/tenancy/schema-chunks.js";
import { likenessQuery } from "../../src/verify/read-structures.js";
import { sendAll } from "./raw-floor.js";
import { CONCURRENCY } from "./run-sync.js";
import type { Fleet } from "./tenant-fleet.js";

/** Every ledger, a hundred in a query: what a run that finds nothing to do cannot do without. */
export async function readLedgers({ url, schemas }: Fleet): Promise<void> {
  await sendAll({ url, concurrency: CONCURRENCY, messages: ledgerQueries(schemas) });
}

/** Every ledger, and every structure in the queries of a verification: their answers are thrown away. */
export async function readStructures({ url, schemas }: Fleet): Promise<void> {
  const structures = chunksOf(schemas, SCHEMAS_PER_QUERY).map((chunk) => () => likenessQuery(chunk, "tenant"));
  await sendAll({ url, concurrency: CONCURRENCY, messages: [...ledgerQueries(schemas), ...structures] });
}

function ledgerQueries(schemas: readonly string[]): (() => string)[] {
  return chunksOf(schemas, 100).map(
    (chunk) => () =>
      chunk.map((schema) => `select '${schema}' as schema, name from ${ledgerOf(schema)}`).join(" union all "),
  );
}

function chunksOf(schemas: readonly string[], size: number): string[][] {
  return Array.from({ length: Math.ceil(schemas.length / size) }, (_, index) =>
    schemas.slice(index * size, (index + 1) * size),
  );
}
