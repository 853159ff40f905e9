import { type Kysely, sql } from "kysely";

/** What a test sets in a row of `marketplace_jobs` itself; the rest is the column's default. */
export type StoredJob = Readonly<Record<string, string | number | boolean | Date | null>>;

export interface StoredRows {
  insertJob(columns?: StoredJob): Promise<number>;
  insertBatch(columns?: StoredJob): Promise<number>;
  /** A row as PostgreSQL prints it: equal texts are equal rows, to the microsecond. */
  jobText(id: number): Promise<string>;
  batchText(id: number): Promise<string>;
  /** The server's clock now, which the library's times are held against. */
  now(): Promise<Date>;
}

let batches = 0;

/** Rows of one tenant behind the repositories' back. */
export function storedRows(db: Kysely<any>, schema: string): StoredRows {
  const tenant = db.withSchema(schema);
  const textOf = async (table: string, id: number): Promise<string> => {
    const { rows } = await sql<{ text: string }>`
      select t::text as text from ${sql.id(schema, table)} t where t.id = ${id}`.execute(db);
    return rows[0]!.text;
  };
  const insert = async (table: string, columns: StoredJob): Promise<number> => {
    const { id } = await tenant.insertInto(table).values(columns).returning("id").executeTakeFirstOrThrow();
    return id as number;
  };
  return {
    insertJob: (columns = {}) =>
      insert("marketplace_jobs", {
        marketplace: "vinted",
        action_type_id: 3,
        expires_at: new Date(Date.now() + 3_600_000),
        ...columns,
      }),
    insertBatch: (columns = {}) => {
      batches += 1;
      return insert("batch_jobs", {
        batch_id: `publish_20260115_101530_${batches.toString(16).padStart(8, "0")}`,
        marketplace: "vinted",
        action_code: "publish",
        ...columns,
      });
    },
    jobText: (id) => textOf("marketplace_jobs", id),
    batchText: (id) => textOf("batch_jobs", id),
    now: async () => {
      const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(db);
      return rows[0]!.now;
    },
  };
}
