import { type Kysely, type RawBuilder, sql } from "kysely";
import { expect } from "vitest";
import { syncTenantSchemas } from "../../../src/index.js";
import { batchesOfJobs, expectAllMigrated, expectLedgers, loadLegacyFleet } from "../sync/legacy-fleet.js";
import { COUNTED, countedMigrations } from "./counted-migrations.js";

const NAMES = Object.keys(countedMigrations);

/** Where a fleet may be taken back to; further back, tables with rows would have to go. */
const LEVELS = ["0003_marketplace_job_stats", "0004_link_jobs_to_batches", ...NAMES.slice(4, -1)];

/** One of each legacy variant. */
const TENANTS = 5;

/** What comes of a fleet to which nothing happens; the same for every fleet, and found out once. */
let undisturbed: readonly string[] | undefined;

/** The legacy system's tenants, and what must be true of them whenever nothing is at work. */
export class FaultFleet {
  readonly db: Kysely<any>;
  schemas: readonly string[] = [];
  #jobs: readonly string[] = [];
  /** The migrations that all of them have; none as long as they are the legacy system's. */
  #at = 0;
  #applied = 0;
  #takenBack = 0;

  constructor(db: Kysely<any>) {
    this.db = db;
  }

  static async load(db: Kysely<any>): Promise<FaultFleet> {
    const fleet = new FaultFleet(db);
    await fleet.loadAgain();
    if (undisturbed === undefined) {
      await syncTenantSchemas(db, { migrations: countedMigrations });
      undisturbed = await contentsOf(db, fleet.schemas);
      await fleet.loadAgain();
    }
    return fleet;
  }

  /** The legacy system as it was before any migration. */
  async loadAgain(): Promise<void> {
    const { rows } = await sql<{ schema: string }>`
      select nspname as schema from pg_namespace where nspname ~ '^user_[0-9]+$' or nspname = 'template_tenant'
      order by nspname = 'template_tenant'`.execute(this.db);
    for (const { schema } of rows) await sql`drop schema ${sql.id(schema)} cascade`.execute(this.db);
    await sql`drop schema public cascade; create schema public`.execute(this.db);
    this.schemas = await loadLegacyFleet(this.db, TENANTS);
    this.#jobs = await batchesOfJobs(this.db, this.schemas);
    this.#at = 0;
    this.#applied = 0;
    this.#takenBack = 0;
  }

  /** One of the places from which the way up is worth a fault; the legacy state as often as all others together. */
  chooseLevel(random: () => number): string | undefined {
    return random() < 0.5 ? undefined : LEVELS[Math.floor(random() * LEVELS.length)];
  }

  /** One more run, without faults, to that level or to the newest; then nothing is wrong with any tenant. */
  async settle(level: string = NAMES.at(-1) ?? ""): Promise<void> {
    await syncTenantSchemas(this.db, { migrations: countedMigrations, to: level });
    const target = NAMES.indexOf(level) + 1;
    const countedUpTo = (end: number): number => NAMES.slice(0, end).filter((name) => COUNTED.includes(name)).length;
    const difference = countedUpTo(target) - countedUpTo(this.#at);
    if (difference > 0) this.#applied += difference;
    else this.#takenBack -= difference;
    this.#at = target;

    const names = NAMES.slice(0, target);
    if (target === NAMES.length) {
      await expectAllMigrated(this.db, this.schemas, names);
      expectSameRows(await contentsOf(this.db, this.schemas), undisturbed ?? []);
    } else await expectLedgers(this.db, this.schemas, names);
    expectSameRows(await batchesOfJobs(this.db, this.schemas), this.#jobs);
    for (const schema of this.schemas) {
      expect(await this.#counted(schema), schema).toEqual([this.#applied, this.#takenBack]);
    }
  }

  /** How often the host's migrations were applied and taken back in a tenant, by their own account. */
  async #counted(schema: string): Promise<readonly [number, number]> {
    const { rows: found } = await sql`select to_regclass(${`${schema}.applications`})::text as name`.execute(this.db);
    if ((found[0] as { name: string | null }).name === null) return [0, 0];
    const { rows } = await sql<{ up: number; down: number }>`
      select count(*) filter (where direction = 'up')::int as up, count(*) filter (where direction = 'down')::int as down
      from ${sql.table(`${schema}.applications`)}`.execute(this.db);
    return [rows[0]?.up ?? 0, rows[0]?.down ?? 0];
  }
}

const TIMES = ["created_at", "updated_at", "started_at", "completed_at", "expires_at", "run_at"];

/**
 * Every row of our tables without the times, which differ from one loading to the next, and without the numbers that a
 * sequence gave out: a transaction that was rolled back uses some up. Jobs keep theirs.
 */
async function contentsOf(db: Kysely<any>, schemas: readonly string[]): Promise<readonly string[]> {
  const contents: string[] = [];
  const without = (names: readonly string[]): RawBuilder<unknown> => sql`array[${sql.join([...TIMES, ...names])}]`;
  for (const schema of schemas) {
    const { rows } = await sql<{ row: string }>`
      select 'batch ' || (to_jsonb(batch) - ${without(["id"])})::text as row
      from ${sql.table(`${schema}.batch_jobs`)} as batch
      union all
      select 'job ' || (to_jsonb(job) - ${without(["batch_job_id"])})::text || coalesce(batch.batch_id, 'none')
      from ${sql.table(`${schema}.marketplace_jobs`)} as job
      left join ${sql.table(`${schema}.batch_jobs`)} as batch on batch.id = job.batch_job_id
      union all
      select 'stats ' || (to_jsonb(stats) - ${without(["id"])})::text
      from ${sql.table(`${schema}.marketplace_job_stats`)} as stats
      order by 1`.execute(db);
    contents.push(...rows.map(({ row }) => `${schema} ${row}`));
  }
  return contents;
}

/** Fails with the rows that are missing or too many, and not with thousands that are right. */
function expectSameRows(found: readonly string[], wanted: readonly string[]): void {
  const [has, wants] = [new Set(found), new Set(wanted)];
  expect({
    missing: wanted.filter((row) => !has.has(row)).slice(0, 5),
    tooMany: found.filter((row) => !wants.has(row)).slice(0, 5),
    count: found.length,
  }).toEqual({ missing: [], tooMany: [], count: wanted.length });
}
