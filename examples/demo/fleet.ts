import { type Kysely, sql } from "kysely";
import {
  type LegacyVariant,
  loadLegacyShared,
  loadLegacyTemplate,
  loadLegacyTenant,
} from "../../test/legacy/legacy-system.js";

/** A tenant of the legacy system, as the demo makes it. */
export interface DemoTenant {
  readonly schema: string;
  readonly variant: LegacyVariant;
}

const TENANTS_PER_VARIANT = 7;

const VARIANTS: readonly { readonly variant: LegacyVariant; readonly hasJobs: boolean }[] = [
  { variant: "a", hasJobs: true },
  { variant: "b", hasJobs: true },
  { variant: "c", hasJobs: true },
  { variant: "d", hasJobs: false },
  { variant: "e", hasJobs: false },
];

/** Loads the shared schema, the template and a few dozen tenants of all five kinds, with their rows. */
export async function loadFleet(db: Kysely<any>): Promise<readonly DemoTenant[]> {
  await loadLegacyShared(db);
  await loadLegacyTemplate(db);
  const tenants: DemoTenant[] = [];
  for (const { variant, hasJobs } of VARIANTS) {
    for (let count = 0; count < TENANTS_PER_VARIANT; count += 1) {
      const number = tenants.length + 1;
      const schema = `user_${number}`;
      await loadLegacyTenant(db, variant, schema, number, { data: hasJobs });
      tenants.push({ schema, variant });
    }
  }
  return tenants;
}

/** The tenants whose variant came with rows. */
export function tenantsWithJobs(tenants: readonly DemoTenant[]): readonly DemoTenant[] {
  const withJobs = new Set(VARIANTS.filter(({ hasJobs }) => hasJobs).map(({ variant }) => variant));
  return tenants.filter(({ variant }) => withJobs.has(variant));
}

export interface FleetTotals {
  readonly jobs: number;
  /** Jobs that belong to a batch: by a string in the deprecated column, by the key, or by both. */
  readonly jobsOfBatches: number;
  /** Those of them that are found through the key. */
  readonly linkedJobs: number;
  readonly batchRows: number;
  /** Tenants that still have the deprecated column. */
  readonly deprecatedColumns: number;
}

/** Counts over all tenants, by whatever tables and columns each of them has. */
export async function countFleet(db: Kysely<any>, tenants: readonly DemoTenant[]): Promise<FleetTotals> {
  const totals = { jobs: 0, jobsOfBatches: 0, linkedJobs: 0, batchRows: 0, deprecatedColumns: 0 };
  for (const { schema } of tenants) {
    const { rows: columns } = await sql<{ name: string }>`
      select table_name || '.' || column_name as name
      from information_schema.columns
      where table_schema = ${schema} and table_name in ('marketplace_jobs', 'batch_jobs')`.execute(db);
    const has = (name: string): boolean => columns.some((column) => column.name === name);
    const jobs = sql.table(`${schema}.marketplace_jobs`);
    const count = async (expression: ReturnType<typeof sql>): Promise<number> => {
      const { rows } = await sql<{ count: string }>`select ${expression} as count`.execute(db);
      return Number(rows[0]?.count ?? 0);
    };
    if (has("marketplace_jobs.id")) {
      totals.jobs += await count(sql`(select count(*) from ${jobs})`);
      totals.linkedJobs += await count(sql`(select count(batch_job_id) from ${jobs})`);
      const belongs = has("marketplace_jobs.batch_id")
        ? sql`batch_job_id is not null or batch_id <> ''`
        : sql`batch_job_id is not null`;
      totals.jobsOfBatches += await count(sql`(select count(*) from ${jobs} where ${belongs})`);
    }
    if (has("marketplace_jobs.batch_id")) totals.deprecatedColumns += 1;
    if (has("batch_jobs.id")) {
      totals.batchRows += await count(sql`(select count(*) from ${sql.table(`${schema}.batch_jobs`)})`);
    }
  }
  return totals;
}
