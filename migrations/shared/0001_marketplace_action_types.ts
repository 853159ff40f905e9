import { adoptTable, createTable } from "../adopt-table.js";
import { dropWhenEmpty } from "../drop-when-empty.js";
import { OPENING } from "../opening.js";
import { plainSqlMigration } from "../plain-sql-migration.js";
import { quoteIdentifier, quoteLiteral } from "../quoting.js";
import type { WantedTable } from "../wanted-table.js";

export const marketplaceActionTypes: WantedTable = {
  name: "marketplace_action_types",
  columns: [
    { name: "id", type: "integer" },
    { name: "marketplace", type: "character varying(50)" },
    { name: "code", type: "character varying(50)" },
    { name: "name", type: "character varying(100)" },
    { name: "description", type: "text", nullable: true },
    { name: "priority", type: "integer", default: "3" },
    { name: "is_batch", type: "boolean", default: "false" },
    { name: "rate_limit_ms", type: "integer", default: "2000" },
    { name: "max_retries", type: "integer", default: "3" },
    { name: "timeout_seconds", type: "integer", default: "60" },
    { name: "created_at", type: "timestamp with time zone", default: "now()" },
  ],
  constraints: [
    { name: "marketplace_action_types_pkey", source: "primary key (id)", printed: "PRIMARY KEY (id)" },
    {
      name: "marketplace_action_types_marketplace_code_key",
      source: "unique (marketplace, code)",
      printed: "UNIQUE (marketplace, code)",
    },
  ],
  indexes: [],
  replacedConstraints: [],
  // The table has some twenty rows, and the unique key leads with the marketplace.
  replacedIndexes: ["btree (marketplace)", "btree (code)"],
};

type Seed = readonly [
  id: number,
  marketplace: string,
  code: string,
  name: string,
  priority: number,
  isBatch: boolean,
  rateLimitMs: number,
  maxRetries: number,
  timeoutSeconds: number,
  createdAt: string,
];

// Row 8 is filed under vinted in every database there is, although it is an eBay action: jobs refer to it by its id.
const seeds: readonly Seed[] = [
  [1, "vinted", "message", "Answer a message", 1, false, 1000, 3, 30, "2026-01-05 08:00:00+00"],
  [2, "vinted", "orders", "Read orders", 3, true, 1500, 3, 60, "2026-01-05 08:00:00+00"],
  [3, "vinted", "publish", "Publish one product", 3, false, 2500, 3, 120, "2026-01-05 08:00:00+00"],
  [4, "vinted", "update", "Update one product", 3, false, 2000, 3, 60, "2026-01-05 08:00:00+00"],
  [5, "vinted", "delete", "Delete one product", 4, false, 2000, 3, 30, "2026-01-05 08:00:00+00"],
  [6, "vinted", "sync", "Synchronise products", 4, true, 1500, 3, 300, "2026-01-05 08:00:00+00"],
  [7, "vinted", "link_product", "Link one product", 3, false, 500, 3, 120, "2026-01-06 18:38:00+00"],
  [8, "vinted", "sync_orders_ebay", "Synchronise orders", 2, false, 2000, 3, 300, "2026-01-07 17:21:00+00"],
  [9, "ebay", "publish", "Publish one product", 3, false, 1000, 3, 60, "2026-01-09 03:00:00+00"],
  [10, "ebay", "update", "Update one product", 3, false, 1000, 3, 60, "2026-01-09 03:00:00+00"],
  [11, "ebay", "delete", "Delete one product", 3, false, 1000, 3, 60, "2026-01-09 03:00:00+00"],
  [12, "ebay", "sync", "Synchronise products", 2, true, 2000, 3, 300, "2026-01-09 03:00:00+00"],
  [13, "ebay", "sync_orders", "Synchronise orders", 2, true, 2000, 3, 300, "2026-01-09 03:00:00+00"],
  [14, "etsy", "publish", "Publish one product", 3, false, 1000, 3, 60, "2026-01-09 04:00:00+00"],
  [15, "etsy", "update", "Update one product", 3, false, 1000, 3, 60, "2026-01-09 04:00:00+00"],
  [16, "etsy", "delete", "Delete one product", 3, false, 1000, 3, 60, "2026-01-09 04:00:00+00"],
  [17, "etsy", "sync", "Synchronise products", 2, true, 2000, 3, 300, "2026-01-09 04:00:00+00"],
  [18, "etsy", "sync_orders", "Synchronise orders", 2, true, 2000, 3, 300, "2026-01-09 04:00:00+00"],
];

/** The action types that all tenants read: what can be done on which marketplace, with its defaults. */
export const sharedMigration0001MarketplaceActionTypes = plainSqlMigration({
  up: (schema) =>
    [
      OPENING,
      createTable(schema, marketplaceActionTypes),
      adoptTable(schema, marketplaceActionTypes),
      seed(schema),
    ].join("\n\n"),
  down: (schema) => dropWhenEmpty(schema, "marketplace_action_types"),
});

function seed(schema: string): string {
  const table = `${quoteIdentifier(schema)}.marketplace_action_types`;
  const columns =
    "marketplace, code, name, priority, is_batch, rate_limit_ms, max_retries, timeout_seconds, created_at";
  const rows = seeds.map((row) => {
    const [id, marketplace, code, name, priority, isBatch, rateLimitMs, maxRetries, timeoutSeconds, createdAt] = row;
    const texts = [marketplace, code, name].map((text) => quoteLiteral(text)).join(", ");
    const numbers = [priority, isBatch, rateLimitMs, maxRetries, timeoutSeconds].join(", ");
    return `(${id}, ${texts}, ${numbers}, timestamptz '${createdAt}')`;
  });
  return `-- Rows that exist are never changed, and an id that a host has given away stays with its row.
insert into ${table} (id, ${columns}) values
${rows.join(",\n")}
on conflict do nothing;

select setval(pg_get_serial_sequence(${quoteLiteral(table)}, 'id'), max(id)) from ${table};

insert into ${table} (${columns})
select ${columns} from (values
${rows.join(",\n")}
) as seed (id, ${columns})
where not exists (
  select from ${table} as known where known.marketplace = seed.marketplace and known.code = seed.code)
order by id;`;
}
