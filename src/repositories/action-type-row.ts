import type { ActionType } from "../entities/action-type.js";
import { type StoredTimestamp, toDate } from "./timestamp.js";

/** Every column of `marketplace_action_types`. */
export const actionTypeColumns = [
  "id",
  "marketplace",
  "code",
  "name",
  "description",
  "priority",
  "is_batch",
  "rate_limit_ms",
  "max_retries",
  "timeout_seconds",
  "created_at",
] as const;

/** A row as any driver may give it. */
export interface ActionTypeRow {
  readonly id: number;
  readonly marketplace: string;
  readonly code: string;
  readonly name: string;
  readonly description: string | null;
  readonly priority: number;
  readonly is_batch: boolean;
  readonly rate_limit_ms: number;
  readonly max_retries: number;
  readonly timeout_seconds: number;
  readonly created_at: StoredTimestamp;
}

/** Frozen, since everybody who asks a cache is given the same object. */
export function toActionType(row: ActionTypeRow): Readonly<ActionType> {
  return Object.freeze({
    id: row.id,
    marketplace: row.marketplace,
    code: row.code,
    name: row.name,
    description: row.description,
    priority: row.priority,
    isBatch: row.is_batch,
    rateLimitMs: row.rate_limit_ms,
    maxRetries: row.max_retries,
    timeoutSeconds: row.timeout_seconds,
    createdAt: toDate(row.created_at, "marketplace_action_types.created_at"),
  });
}
