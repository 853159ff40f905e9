import type { Kysely } from "kysely";
import * as z from "zod";
import { DEPRECATED_COLUMNS } from "../../migrations/deprecated-columns.js";
import { migrations } from "../../migrations/index.js";
import { columnUseSchema, type TenantColumn } from "../column-use/column-use.js";
import { readColumnUses, type SchemaColumn } from "../column-use/read-column-uses.js";
import { tenantFreeUses } from "../column-use/tenant-free-uses.js";
import { readSqlError } from "../tenancy/sql-error.js";
import type { MigrationStep } from "./migration-step.js";
import { DEFAULT_CONCURRENCY } from "./sync-defaults.js";
import { waitForAll } from "../tenancy/wait-for-all.js";

const DROP = "0005_drop_marketplace_jobs_batch_id";

export const plannedColumnUseSchema = z.object({
  /** What uses a column that goes, one entry for all schemas that have it by the same name. */
  uses: z
    .array(
      z.object({
        table: z.string(),
        column: z.string(),
        /** `blocks` and `vanishes`: the migration refuses. `names`: it warns, and drops the column. */
        ...columnUseSchema.shape,
        /** Without the schema where it is in the tenant's own: `view by_string`. */
        name: z.string(),
        /** The schemas of the group in which it is. */
        schemas: z.array(z.string()).readonly(),
      }),
    )
    .readonly(),
  /** Why the uses are not known: the catalog could not be read. */
  notInspected: z.string().optional(),
});

export interface PlannedColumnUse extends Readonly<z.output<typeof plannedColumnUseSchema>> {}

/** Whether these steps drop the columns that only the legacy code uses. */
export function dropsDeprecatedColumns(steps: readonly MigrationStep[]): boolean {
  return steps.some(
    ({ name, direction, migration }) => name === DROP && direction === "up" && migration === migrations[name],
  );
}

interface FoundColumn extends TenantColumn {
  readonly schemas: ReadonlyMap<string, SchemaColumn>;
}

/** What 0005 would refuse or warn of in each schema, as it is now; a query for a thousand schemas and each column. */
export class PlannedColumnUses {
  readonly #found: readonly FoundColumn[];
  readonly #notInspected: string | undefined;

  private constructor(found: readonly FoundColumn[], notInspected?: string) {
    this.#found = found;
    this.#notInspected = notInspected;
  }

  static async read(db: Kysely<any>, schemas: readonly string[]): Promise<PlannedColumnUses> {
    try {
      const found = await waitForAll(
        DEPRECATED_COLUMNS.map(async ({ table, column }) => {
          const params = { table, column, schemas, concurrency: DEFAULT_CONCURRENCY };
          return { table, column, schemas: await readColumnUses(db, params) };
        }),
      );
      return new PlannedColumnUses(found);
    } catch (error) {
      const { sqlState, message } = readSqlError(error);
      if (sqlState !== "42501") throw error;
      return new PlannedColumnUses([], message);
    }
  }

  of(schemas: readonly string[]): PlannedColumnUse {
    const uses = new Map<string, PlannedColumnUse["uses"][number] & { readonly schemas: string[] }>();
    for (const { table, column, schemas: found } of this.#found) {
      for (const schema of schemas) {
        const { uses: own = [], prefix } = found.get(schema) ?? {};
        for (const use of tenantFreeUses(own, prefix)) {
          const key = JSON.stringify([table, column, use]);
          const known = uses.get(key) ?? { table, column, ...use, schemas: [] };
          known.schemas.push(schema);
          uses.set(key, known);
        }
      }
    }
    return {
      uses: [...uses.values()],
      ...(this.#notInspected === undefined ? {} : { notInspected: this.#notInspected }),
    };
  }
}
