import { type Kysely, sql } from "kysely";
import { quoteIdentifier } from "../../migrations/quoting.js";
import { lockTenant } from "../tenancy/tenant-lock.js";
import { type DriverAbility, runStatements } from "../tenancy/run-statements.js";

/** The sequences that the legacy system's id columns were fed from, by the names it gave them. */
const LEGACY_SEQUENCES = [
  "batch_jobs_id_seq",
  "marketplace_job_stats_id_seq",
  "marketplace_jobs_id_seq",
  "vinted_job_stats_id_seq",
  "vinted_jobs_id_seq",
];

export interface LeftOverSequence {
  readonly schema: string;
  readonly sequence: string;
}

/**
 * Legacy sequences that nothing owns and no default uses any more. While a clone's ids still came from the template's
 * sequence, the template's migration had to leave it; the run that brought the last clone over finds it here.
 */
export async function findLeftOverSequences(db: Kysely<any>, schemas: readonly string[]): Promise<LeftOverSequence[]> {
  const names = LEGACY_SEQUENCES.flatMap((name) => [name, `${name}_left_over`]);
  const { rows } = await sql<LeftOverSequence>`
    select namespace.nspname as schema, sequence.relname as sequence
    from pg_catalog.pg_class sequence
    join pg_catalog.pg_namespace namespace on namespace.oid = sequence.relnamespace
    where sequence.relkind = 'S'
      and sequence.relname in (${sql.join(names)})
      and namespace.nspname in (select json_array_elements_text(${JSON.stringify(schemas)}::json))
      and not exists (
        select from pg_catalog.pg_depend owned
        where owned.classid = 'pg_class'::regclass and owned.objid = sequence.oid and owned.deptype in ('a', 'i'))
      and not exists (
        select from pg_catalog.pg_depend used
        where used.refclassid = 'pg_class'::regclass and used.refobjid = sequence.oid)
    order by 1, 2
  `.execute(db);
  return rows;
}

/** Drops one, unless something has come to use it meanwhile. */
export async function dropLeftOverSequence(
  db: Kysely<any>,
  driver: DriverAbility,
  { schema, sequence, lockTimeoutMs }: LeftOverSequence & { readonly lockTimeoutMs: number },
): Promise<void> {
  await runStatements(db, driver, [
    `set local lock_timeout = ${lockTimeoutMs};`,
    lockTenant(schema),
    `drop sequence if exists ${quoteIdentifier(schema)}.${quoteIdentifier(sequence)} restrict;`,
  ]);
}
