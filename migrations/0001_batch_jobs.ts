import { adoptTable, createIndexes, createTable } from "./adopt-table.js";
import { dropWhenEmpty } from "./drop-when-empty.js";
import { OPENING } from "./opening.js";
import { plainSqlMigration } from "./plain-sql-migration.js";
import type { WantedTable } from "./wanted-table.js";

export const batchJobs: WantedTable = {
  name: "batch_jobs",
  columns: [
    { name: "id", type: "integer" },
    { name: "batch_id", type: "character varying(100)" },
    { name: "marketplace", type: "character varying(50)" },
    { name: "action_code", type: "character varying(50)" },
    { name: "total_count", type: "integer", default: "0" },
    { name: "completed_count", type: "integer", default: "0" },
    { name: "failed_count", type: "integer", default: "0" },
    { name: "cancelled_count", type: "integer", default: "0" },
    { name: "status", type: "character varying(20)", default: "'pending'::character varying" },
    { name: "priority", type: "integer", default: "3" },
    { name: "created_by_user_id", type: "integer", nullable: true },
    { name: "created_at", type: "timestamp with time zone", default: "now()" },
    { name: "started_at", type: "timestamp with time zone", nullable: true },
    { name: "completed_at", type: "timestamp with time zone", nullable: true },
    { name: "pruned_at", type: "timestamp with time zone", nullable: true },
  ],
  constraints: [
    { name: "batch_jobs_pkey", source: "primary key (id)", printed: "PRIMARY KEY (id)" },
    { name: "batch_jobs_batch_id_key", source: "unique (batch_id)", printed: "UNIQUE (batch_id)" },
    {
      name: "batch_jobs_status_check",
      source: "check (status in ('pending', 'running', 'completed', 'partially_failed', 'failed', 'cancelled'))",
      printed:
        "CHECK (((status)::text = ANY ((ARRAY['pending'::character varying, 'running'::character varying, 'completed'::character varying, 'partially_failed'::character varying, 'failed'::character varying, 'cancelled'::character varying])::text[])))",
    },
  ],
  indexes: [
    {
      name: "batch_jobs_created_at_idx",
      source: "(created_at desc, id desc)",
      printed: "btree (created_at DESC, id DESC)",
    },
    {
      name: "batch_jobs_active_idx",
      source: "(priority, created_at, id) where status in ('pending', 'running')",
      printed:
        "btree (priority, created_at, id) WHERE ((status)::text = ANY ((ARRAY['pending'::character varying, 'running'::character varying])::text[]))",
    },
  ],
  replacedConstraints: [],
  replacedIndexes: [
    "btree (batch_id)",
    "btree (marketplace, status)",
    "btree (status, created_at)",
    "btree (created_at)",
  ],
};

/**
 * The batches. A tenant that has the table keeps its rows: the status becomes text with a check instead of an enum
 * type of the schema's own, so that a clone of the schema is independent of it.
 */
export const migration0001BatchJobs = plainSqlMigration({
  up: (schema) =>
    [OPENING, createTable(schema, batchJobs), adoptTable(schema, batchJobs), createIndexes(schema, batchJobs)].join(
      "\n\n",
    ),
  down: (schema) => dropWhenEmpty(schema, "batch_jobs"),
});
