import { sql } from "kysely";
import { lockTableSize } from "./lock-table.js";

/** What a server has room for, and how much of it is taken. */
export interface ServerLimits {
  readonly maxConnections: number;
  readonly reservedConnections: number;
  readonly usedConnections: number;
  readonly lockTableSize: number;
}

/** The columns of {@link ServerLimits}, each of which is worked out once however many rows it stands in. */
export const serverLimits = sql<ServerLimits>`(select current_setting('max_connections')::int) as "maxConnections",
       (select current_setting('superuser_reserved_connections')::int
         + coalesce(current_setting('reserved_connections', true)::int, 0)) as "reservedConnections",
       (select count(*)::int from pg_catalog.pg_stat_activity where backend_type = 'client backend') as "usedConnections",
       (select ${lockTableSize}) as "lockTableSize"`;
