import { doBlock, quoteLiteral } from "../../migrations/quoting.js";
import { LEDGER_MOVED } from "../sync/migration-message.js";
import { lockTenant } from "../tenancy/tenant-lock.js";
import { BEGIN } from "../tenancy/run-statements.js";
import type { ManifestPart } from "./manifest.js";
import { likenessQuery } from "./read-structures.js";

interface RepairMessageParams {
  readonly schema: string;
  readonly part: ManifestPart;
  /** What the structure was when the mends were written. */
  readonly likeness: string;
  readonly mends: readonly string[];
  readonly lockTimeoutMs: number;
  readonly statementTimeoutMs: number | undefined;
}

/**
 * The statements of a repair, in one transaction: under the tenant's lock it looks at the structure again, and raises
 * when it is not what the mends were written for.
 */
export function repairStatements(params: RepairMessageParams): readonly string[] {
  const { schema, part, likeness, mends, lockTimeoutMs, statementTimeoutMs } = params;
  return [
    `set local lock_timeout = ${lockTimeoutMs};`,
    ...(statementTimeoutMs === undefined ? [] : [`set local statement_timeout = ${statementTimeoutMs};`]),
    lockTenant(schema),
    doBlock(`
begin
  if (select found.likeness from (${likenessQuery([schema], part)}) as found) is distinct from ${quoteLiteral(likeness)} then
    raise sqlstate '${LEDGER_MOVED}' using message = 'the structure was changed by somebody else';
  end if;
end`),
    ...mends,
  ];
}

export function repairMessage(params: RepairMessageParams): string {
  return [BEGIN, ...repairStatements(params), "commit;"].join("\n");
}
