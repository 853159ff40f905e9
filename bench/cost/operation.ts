import type { Kysely } from "kysely";
import type { TenantRepositories } from "marketplace-jobs";
import type pg from "pg";

/** Whose cost is measured, and where: in a database with one tenant, or with many. */
export interface Operation {
  readonly name: string;
  /** What the cost is told of: "call", "tenant", … */
  readonly unit: string;
  readonly place: OperationPlace;
  /** How many are done, and how many in a quick run. */
  readonly count: number;
  readonly quickCount: number;
  /** Not measured: what the work needs. */
  readonly prepare?: (context: OperationContext) => Promise<void>;
  /** Does all of them. */
  readonly work: (context: OperationContext) => Promise<void>;
}

export type OperationPlace = "tenant" | "legacy fleet" | "fleet one migration behind" | "current fleet";

export interface OperationContext {
  readonly db: Kysely<unknown>;
  readonly pool: pg.Pool;
  readonly repositories: TenantRepositories;
  /** How many there are to do. */
  readonly count: number;
}
