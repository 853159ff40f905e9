import type { Kysely } from "kysely";
import * as z from "zod";
import { migrations, sharedMigrations } from "../../migrations/index.js";
import { scriptOf } from "./step-script.js";
import { transactionOf } from "./migration-message.js";
import { parseMigrationSet } from "../tenancy/migration-set.js";
import type { MigrationStep } from "./migration-step.js";
import { dropsDeprecatedColumns, plannedColumnUseSchema, PlannedColumnUses } from "./planned-column-uses.js";
import type { SchemaState } from "./schema-state.js";
import { surveyDatabases } from "./survey.js";
import { type NamedDatabase, parseDatabases } from "./sync-databases.js";
import { DEFAULT_LOCK_TIMEOUT_MS } from "./sync-defaults.js";
import { type FleetOptions, parseFleetOptions } from "./sync-options.js";
import { stateAfter } from "./tenant-job.js";
import { assertReversible, type MigrationGoal, planTenant } from "./tenant-plan.js";
import { namingUnreachable } from "./unreachable-database.js";
import { waitForAll } from "../tenancy/wait-for-all.js";

export type PlanOptions = FleetOptions;

/**
 * The shape of one group of a plan, for whoever reads back what `marketplace-jobs plan --json` printed: an array. Fields
 * that a later release has added are left out.
 */
export const tenantSchemaPlanSchema = z.object({
  database: z.string(),
  role: z.enum(["shared", "template", "tenant"]),
  /** All schemas of the group, in the order in which they are worked on. */
  schemas: z.array(z.string()).readonly(),
  /** What is done to each of them, in order; empty when they are up to date, ahead, or cannot be read. */
  steps: z.array(z.object({ migration: z.string(), direction: z.enum(["up", "down"]) }).readonly()).readonly(),
  /** Recorded migrations that the set does not have; nothing is done to such schemas. */
  unknown: z.array(z.string()).readonly(),
  /** Why nothing can be done to these schemas: their ledgers cannot be read. */
  problem: z.string().optional(),
  /**
   * The SQL for the first schema of the group, one transaction a migration; it runs as it is in psql. For another
   * schema, plan it alone: `tenants: ["user_7"]`. A migration that is a function is a comment in it.
   */
  sql: z.string(),
  /**
   * Where the steps drop the columns that only the legacy code uses: what uses them now, so that the migration would
   * refuse or warn. What an earlier step of the plan changes is not foreseen.
   */
  columnUse: plannedColumnUseSchema.optional(),
});

/** Schemas of one database that need the same migrations. */
export interface TenantSchemaPlan extends Readonly<z.output<typeof tenantSchemaPlanSchema>> {}

/**
 * What `syncTenantSchemas` would do with the same options, as SQL to read: schemas that need the same are one group,
 * the largest first within its role. Where 0005 is among it, `columnUse` says in which schemas it would refuse, and why.
 * Nothing is written or locked. A schema whose ledger somebody keeps locked has a `problem`, after half a second.
 *
 * @throws `INVALID_OPTIONS`, `INVALID_MIGRATIONS`, `INVALID_TENANT_SCHEMA`, `UNKNOWN_MIGRATION`,
 *   `UNKNOWN_TENANT_SCHEMA`, `MIGRATION_NOT_REVERSIBLE`
 *
 * @example
 * ```ts
 * import { Kysely, PostgresDialect } from "kysely";
 * import { planTenantSchemas } from "marketplace-jobs";
 * import pg from "pg";
 *
 * const db = new Kysely<unknown>({
 *   dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: process.env.DATABASE_URL }) }),
 * });
 * for (const { schemas, steps, sql } of await planTenantSchemas(db)) {
 *   console.log(`${schemas.length} schemas: ${steps.map(({ migration }) => migration).join(", ")}`);
 *   console.log(sql);
 * }
 * await db.destroy();
 * ```
 */
export async function planTenantSchemas(
  db: Kysely<any> | readonly NamedDatabase[],
  options: PlanOptions = {},
): Promise<TenantSchemaPlan[]> {
  const settings = parseFleetOptions(options, { migrations }, "planTenantSchemas options");
  const sharedSet = parseMigrationSet(sharedMigrations, "sharedMigrations");
  const surveys = await surveyDatabases(parseDatabases(db, "planTenantSchemas"), settings);
  assertReversible(
    surveys.flatMap(({ template, tenants }) =>
      [...(template === undefined ? [] : [template]), ...tenants].map((state) => planTenant(state, settings)),
    ),
  );
  const plans = await waitForAll(
    surveys.map(async ({ database, shared, template, tenants }) => {
      const toDrop = [...(template === undefined ? [] : [template]), ...tenants].filter((state) =>
        dropsDeprecatedColumns(stepsOf(state, settings)),
      );
      const columnUses = await namingUnreachable(database, () =>
        PlannedColumnUses.read(
          database.db,
          toDrop.map(({ schema }) => schema),
        ),
      );
      const goal = { ...settings, columnUses };
      return [
        ...groupByPlan(database, "shared", shared === undefined ? [] : [shared], {
          set: sharedSet,
          target: sharedSet.names,
        }),
        ...groupByPlan(database, "template", template === undefined ? [] : [template], goal),
        ...groupByPlan(
          database,
          "tenant",
          tenants.filter(({ isGone }) => isGone !== true),
          goal,
        ),
      ];
    }),
  );
  return plans.flat();
}

interface PlanGoal extends MigrationGoal {
  readonly sharedSchema?: string | false;
  readonly columnUses?: PlannedColumnUses;
}

function stepsOf(state: SchemaState, goal: MigrationGoal): readonly MigrationStep[] {
  const plan = planTenant(state, goal);
  return state.failure === undefined && plan.kind === "steps" ? plan.steps : [];
}

function groupByPlan(
  database: NamedDatabase,
  role: TenantSchemaPlan["role"],
  states: readonly SchemaState[],
  goal: PlanGoal,
): TenantSchemaPlan[] {
  const groups = new Map<string, SchemaState[]>();
  for (const state of states) {
    // The ledger decides the plan; a schema without one is also given it.
    const key = JSON.stringify([state.failure?.message, state.hasLedger, state.recorded]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [state]);
    else group.push(state);
  }
  return [...groups.values()]
    .toSorted((a, b) => b.length - a.length)
    .flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const plan = planTenant(first, goal);
      const steps = stepsOf(first, goal);
      const schemas = group.map(({ schema }) => schema);
      const { columnUses } = goal;
      return [
        {
          database: database.name,
          role,
          schemas,
          steps: steps.map(({ name, direction }) => ({ migration: name, direction })),
          unknown: plan.kind === "ahead" ? plan.unknown : [],
          ...(first.failure === undefined ? {} : { problem: first.failure.message }),
          sql: renderSteps(first, steps, goal.sharedSchema),
          ...(columnUses !== undefined && dropsDeprecatedColumns(steps) ? { columnUse: columnUses.of(schemas) } : {}),
        },
      ];
    });
}

function renderSteps(
  initial: SchemaState,
  steps: readonly MigrationStep[],
  sharedSchema: string | false | undefined,
): string {
  let state = initial;
  const transactions = steps.map((step) => {
    const script = scriptOf(step, state.schema);
    const { schema, recorded, hasLedger } = state;
    state = stateAfter(state, step);
    if (script === undefined) {
      return `-- ${step.name} (${step.direction}) is a function: syncTenantSchemas runs it statement by statement.\n`;
    }
    const heading = `-- ${step.name} (${step.direction})\n`;
    const params = { schema, step, recorded, hasLedger, sharedSchema, lockTimeoutMs: DEFAULT_LOCK_TIMEOUT_MS };
    return `${heading}${transactionOf(params, script)}\n`;
  });
  return transactions.join("\n");
}
