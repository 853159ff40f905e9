import type { Generated } from "kysely";

/** What `marketplace_action_types` holds, as PostgreSQL and the driver's default type parsers give it. */
export interface ActionTypeTable {
  id: Generated<number>;
  marketplace: string;
  code: string;
  name: string;
  description: string | null;
  priority: Generated<number>;
  is_batch: Generated<boolean>;
  rate_limit_ms: Generated<number>;
  max_retries: Generated<number>;
  timeout_seconds: Generated<number>;
  created_at: Generated<Date>;
}

/** The tables of the shared schema, which all tenants read: add it to a host's own `Database` type. */
export interface SharedTables {
  marketplace_action_types: ActionTypeTable;
}
