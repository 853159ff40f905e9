import { MigrationNotReversibleError } from "../errors/migration-not-reversible-error.js";
import type { SchemaState } from "./schema-state.js";
import { isReversible, type MigrationStep } from "./migration-step.js";
import type { MigrationSet } from "../tenancy/migration-set.js";

/** What a schema needs. */
export type TenantPlan =
  | { readonly kind: "up-to-date" }
  /** Its ledger records migrations that the set does not have: whoever wrote them knows more than we do. */
  | { readonly kind: "ahead"; readonly unknown: readonly string[] }
  | { readonly kind: "steps"; readonly steps: readonly MigrationStep[] };

export interface MigrationGoal {
  readonly set: MigrationSet;
  readonly target: readonly string[];
}

/**
 * What is recorded beyond the target is taken back first, newest first; then what is missing is applied, oldest first.
 * A migration that is missing between others is applied late: a host's own migrations stand after ours, so every new
 * one of ours comes before some that are recorded already.
 */
export function planTenant({ recorded }: Pick<SchemaState, "recorded">, { set, target }: MigrationGoal): TenantPlan {
  const unknown = recorded.filter((name) => !set.byName.has(name));
  if (unknown.length > 0) return { kind: "ahead", unknown };
  const wanted = new Set(target);
  const has = new Set(recorded);
  const steps = [
    ...set.names
      .filter((name) => has.has(name) && !wanted.has(name))
      .toReversed()
      .map((name) => step(set, name, "down")),
    ...target.filter((name) => !has.has(name)).map((name) => step(set, name, "up")),
  ];
  return steps.length === 0 ? { kind: "up-to-date" } : { kind: "steps", steps };
}

function step(set: MigrationSet, name: string, direction: MigrationStep["direction"]): MigrationStep {
  const migration = set.byName.get(name);
  if (migration === undefined) throw new TypeError(`"${name}" is not in the set of migrations`);
  return { name, direction, migration };
}

/** Refuses, before anything runs, to take back what cannot be taken back. */
export function assertReversible(plans: Iterable<TenantPlan>): void {
  for (const plan of plans) {
    const stuck =
      plan.kind === "steps"
        ? plan.steps.find(({ direction, migration }) => direction === "down" && !isReversible(migration))
        : undefined;
    if (stuck === undefined) continue;
    throw new MigrationNotReversibleError({
      code: "MIGRATION_NOT_REVERSIBLE",
      message: `"${stuck.name}" has no down, and some tenants have it.`,
      hint: `Name "${stuck.name}" or a later one as the migration to go to, or give it a down.`,
      migration: stuck.name,
    });
  }
}
