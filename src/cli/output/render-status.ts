import { SINGLE_DATABASE_NAME } from "../../sync/sync-databases.js";
import type { TenantSchemaStatus } from "../../sync/tenant-schema-status.js";
import { messageOfGroup } from "./alike-message.js";
import { listNames } from "./name-list.js";
import { renderTable } from "./table.js";

interface RenderStatusOptions {
  /** Every schema on a line of its own, rather than those that stand alike on one. */
  readonly isVerbose: boolean;
}

/** A table of schemas by what they have and lack. */
export function renderStatus(statuses: readonly TenantSchemaStatus[], { isVerbose }: RenderStatusOptions): string {
  if (statuses.length === 0) return "No schemas.";
  const groups = isVerbose ? statuses.map((status) => [status]) : groupAlike(statuses);
  const isSingle = statuses.every(({ database }) => database === SINGLE_DATABASE_NAME);
  const hasRemarks = statuses.some(({ unknown, error }) => unknown.length > 0 || error !== undefined);
  return renderTable(
    [
      ...(isSingle ? [] : ["database"]),
      "schemas",
      "role",
      "stands at",
      "pending",
      "which",
      ...(hasRemarks ? ["remark"] : []),
    ],
    groups.map((group) => {
      const [first] = group;
      if (first === undefined) return [];
      return [
        ...(isSingle ? [] : [first.database]),
        group.length,
        first.role,
        first.applied.at(-1) ?? "–",
        first.pending.length,
        listNames(group.map(({ schema }) => schema)),
        ...(hasRemarks ? [remarkOn(group)] : []),
      ];
    }),
  );
}

function remarkOn(group: readonly TenantSchemaStatus[]): string {
  const { unknown = [], error } = group[0] ?? {};
  if (error === undefined) return unknown.length === 0 ? "" : `not known here: ${unknown.join(", ")}`;
  const message = messageOfGroup(group.map((status) => ({ ...status, message: status.error?.message ?? "" })));
  return `cannot be read: ${message} (${error.code})`;
}

function groupAlike(statuses: readonly TenantSchemaStatus[]): TenantSchemaStatus[][] {
  const groups = Map.groupBy(statuses, ({ database, role, applied, unknown, error }) =>
    JSON.stringify([database, role, applied, unknown, error?.code]),
  );
  return [...groups.values()];
}
