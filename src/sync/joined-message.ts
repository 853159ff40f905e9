import { quoteLiteral } from "../../migrations/quoting.js";
import { BEGIN } from "../tenancy/run-statements.js";
import { closingOf, openingOf, type StepParams } from "./migration-message.js";
import type { MigrationStep } from "./migration-step.js";
import { isOurs } from "./our-migrations.js";
import { scriptOf } from "./step-script.js";

/** What a transaction of a joined message goes back to when it fails, so that it can be asked which one it is. */
export const SAVEPOINT = "marketplace_jobs_migration";
/** Where such a transaction says which migration it is; gone with the transaction. */
export const MIGRATION_SETTING = "marketplace_jobs.migration";

/**
 * The first of some steps, and those after it that can go with it in one message. Only ours are joined, and only
 * upwards: one that ended its transaction itself could not be told from its neighbours, a run that is stopped would
 * have to wait for several that may take their time, and one that is taken back leaves no time in the ledger.
 */
export function leadingGroup(steps: readonly MigrationStep[]): readonly MigrationStep[] {
  const end = steps.findIndex((step) => !isOurs(step) || step.direction !== "up");
  return steps.slice(0, Math.max(1, end === -1 ? steps.length : end));
}

/**
 * Several migrations of one schema as one message, each a transaction of its own that stands whatever becomes of those
 * after it. An error ends the message; the transaction that failed is left open at its savepoint, for being asked.
 */
export function joinedMessage(params: readonly StepParams[]): string {
  return params
    .flatMap((each) => [
      BEGIN,
      `set local ${MIGRATION_SETTING} = ${quoteLiteral(each.step.name)};`,
      `savepoint ${SAVEPOINT};`,
      ...openingOf(each),
      `${scriptOf(each.step, each.schema) ?? ""}\n;`,
      ...closingOf(each),
      "commit;",
    ])
    .join("\n");
}
