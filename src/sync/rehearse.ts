import { type Kysely, sql } from "kysely";
import { TENANT_LOCK_CLASS } from "../tenancy/tenant-lock.js";
import type { MigrationStep } from "./migration-step.js";
import { adapting, type DriverAbility, inTransaction } from "../tenancy/run-statements.js";
import { runStepIn } from "./run-step.js";
import type { SchemaState } from "./schema-state.js";
import type { SyncSettings } from "./sync-options.js";
import { stateAfter } from "./tenant-job.js";

export interface Rehearsal {
  readonly durationMs: number;
  /** Locks held at the end, of all kinds and modes. */
  readonly locks: number;
  /** Locks outside the tenant's schema that two tenants cannot hold at once, or that keep others from writing. */
  readonly locksOutside: readonly { readonly relation: string; readonly mode: string }[];
}

/** Modes that conflict with themselves or with writing; weaker ones are held side by side. */
const STRONG_MODES = [
  "ShareUpdateExclusiveLock",
  "ShareLock",
  "ShareRowExclusiveLock",
  "ExclusiveLock",
  "AccessExclusiveLock",
];

/** Ends the transaction of a rehearsal, which must not be committed. */
class RehearsalEnd extends Error {}

interface RehearseParams {
  readonly state: SchemaState;
  readonly steps: readonly MigrationStep[];
  readonly settings: Pick<SyncSettings, "lockTimeoutMs" | "statementTimeoutMs" | "sharedSchema">;
  /** Warnings that the migrations ask to be taken note of; they are told again when they run for good. */
  readonly acknowledged: readonly string[];
}

/** Runs the steps of one tenant in a transaction that is rolled back, and tells which locks they took. */
export async function rehearse(db: Kysely<any>, driver: DriverAbility, params: RehearseParams): Promise<Rehearsal> {
  const started = performance.now();
  let locks = 0;
  let locksOutside: Rehearsal["locksOutside"] = [];
  try {
    const rehearseIn = async (trx: Kysely<any>): Promise<void> => {
      let state = params.state;
      for (const step of params.steps) {
        const { schema, recorded, hasLedger } = state;
        const { acknowledged, settings } = params;
        await runStepIn(trx, driver, { schema, step, recorded, hasLedger, acknowledged, ...settings });
        state = stateAfter(state, step);
      }
      ({ locks, locksOutside } = await readLocks(trx, params.state.schema));
      throw new RehearsalEnd();
    };
    await adapting(driver, async () => await inTransaction(db, rehearseIn));
  } catch (error) {
    if (!(error instanceof RehearsalEnd)) throw error;
  }
  return { durationMs: performance.now() - started, locks, locksOutside };
}

async function readLocks(trx: Kysely<any>, schema: string): Promise<Omit<Rehearsal, "durationMs">> {
  const { rows } = await sql<{ relation: string; mode: string; isOutside: boolean }>`
    select coalesce(namespace.nspname || '.' || relation.relname, held.locktype) as relation,
           held.mode,
           (held.locktype = 'relation' and held.mode = any(array[${sql.join(STRONG_MODES)}])
              and namespace.nspname not in (${schema}, 'pg_toast'))
             or (held.locktype = 'advisory' and held.classid <> ${TENANT_LOCK_CLASS}::bigint::oid) as "isOutside"
    from pg_catalog.pg_locks held
    left join pg_catalog.pg_class relation on held.locktype = 'relation' and relation.oid = held.relation
    left join pg_catalog.pg_namespace namespace on namespace.oid = relation.relnamespace
    where held.pid = pg_backend_pid()
    order by 1, 2
  `.execute(trx);
  return {
    locks: rows.length,
    locksOutside: rows.filter(({ isOutside }) => isOutside).map(({ relation, mode }) => ({ relation, mode })),
  };
}
