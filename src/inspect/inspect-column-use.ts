import type { Kysely } from "kysely";
import { type NamedDatabase, parseDatabases } from "../sync/sync-databases.js";
import { namingUnreachable } from "../sync/unreachable-database.js";
import { assertSchemasExist } from "../sync/survey.js";
import { selectTenants } from "../tenancy/select-tenants.js";
import { assertColumnExists } from "./assert-column-exists.js";
import { buildColumnUseReport } from "./build-column-use-report.js";
import type { ColumnUseReport } from "./column-use-report.js";
import { inspectDatabase, readDatabaseColumn, type WantedSchema } from "./inspect-database.js";
import { type InspectColumnUseOptions, type InspectSettings, parseInspectOptions } from "./inspect-options.js";
import { waitForAll } from "../tenancy/wait-for-all.js";

/**
 * Tells what still uses a column, in the template and in every tenant: what keeps it from being dropped (views,
 * functions, triggers, policies, publications, generated columns, foreign keys), what PostgreSQL would drop with it
 * without a word (composite indexes, constraints of several columns, extended statistics), functions whose bodies name
 * it, and statements that name it, in `pg_stat_activity` and, where the extension is there, in `pg_stat_statements`. For
 * `marketplace_jobs.batch_id` it also counts the jobs whose string nothing but the column holds. Nothing is changed.
 *
 * What depends on the column is found by the queries by which migration 0005 refuses. Statements are read as text, so
 * no more is claimed than that they name it; those of our migrations and of the repositories do not count. Neither a
 * statement's text nor any row's contents is in the report.
 *
 * It reads the catalog in one pass for a thousand schemas and takes no lock there; jobs are counted in fifty tenants
 * at a time, under ACCESS SHARE, for which it waits half a second. What the role may not look at is in `notInspected`, and the verdict is then not
 * `clear`. A tenant that vanishes meanwhile is `gone`.
 *
 * @returns a plain, JSON-safe report: the verdict, groups of schemas alike, and the schemas with something to tell
 * @throws MarketplaceJobsError `INVALID_OPTIONS`, `INVALID_TENANT_SCHEMA`, `UNKNOWN_TENANT_SCHEMA`; `UNKNOWN_COLUMN` when
 *   no schema has the table or the column, unless it is one that our migrations drop
 *
 * @example
 * ```ts
 * import { Kysely, PostgresDialect } from "kysely";
 * import { inspectColumnUse } from "marketplace-jobs";
 * import pg from "pg";
 *
 * const db = new Kysely<unknown>({
 *   dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: process.env.DATABASE_URL }) }),
 * });
 * const report = await inspectColumnUse(db, { table: "marketplace_jobs", column: "batch_id" });
 * console.log(report.verdict);
 * for (const { schemas, state, summary } of report.groups) console.log(schemas, state, summary);
 * await db.destroy();
 * ```
 */
export async function inspectColumnUse(
  databases: Kysely<any> | readonly NamedDatabase[],
  options: InspectColumnUseOptions,
): Promise<ColumnUseReport> {
  const settings = parseInspectOptions(options, "inspectColumnUse options");
  const named = parseDatabases(databases, "inspectColumnUse");
  const startedAt = new Date();
  const started = performance.now();
  const wanted = await wantedSchemas(named, settings);
  const columns = await waitForAll(
    named.map((database) =>
      namingUnreachable(database, () => readDatabaseColumn(database, wanted.get(database) ?? [], settings)),
    ),
  );
  await assertColumnExists(columns, settings);
  const inspected = await waitForAll(
    columns.map((found) => namingUnreachable(found.database, () => inspectDatabase(found, settings))),
  );
  const { table, column } = settings;
  return buildColumnUseReport({ table, column, inspected, startedAt, durationMs: performance.now() - started });
}

/** The template and the tenants of each database, by one look at its catalog. */
async function wantedSchemas(
  databases: readonly NamedDatabase[],
  { fleet, signal }: InspectSettings,
): Promise<ReadonlyMap<NamedDatabase, readonly WantedSchema[]>> {
  signal?.throwIfAborted();
  const { tenants, template } = fleet;
  const selections = await waitForAll(
    databases.map((database) =>
      namingUnreachable(database, () =>
        selectTenants(database.db, { tenants, reserved: template === false ? [] : [template] }),
      ),
    ),
  );
  const found = selections.map((selected) => ({
    missing: selected.missing,
    shared: undefined,
    template: template === false ? undefined : selected.reserved.get(template),
    tenants: selected.tenants,
  }));
  assertSchemasExist(found, fleet);
  return new Map(
    databases.map((database, index) => [
      database,
      [
        ...(found[index]?.template === undefined
          ? []
          : [{ schema: found[index].template.schema, role: "template" as const }]),
        ...(found[index]?.tenants ?? []).map(({ schema }) => ({ schema, role: "tenant" as const })),
      ],
    ]),
  );
}
