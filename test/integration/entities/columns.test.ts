import { sql } from "kysely";
import { describe, expect } from "vitest";
import { batchJobSchema } from "../../../src/entities/batch-job.js";
import { marketplaceJobSchema } from "../../../src/entities/marketplace-job.js";
import { batchJobColumns } from "../../../src/repositories/batch-job-row.js";
import { marketplaceJobColumns } from "../../../src/repositories/marketplace-job-row.js";
import { tenantTest } from "../repositories/tenant-fixture.js";
import { jobStatsColumns, tableInterfaceColumns } from "./table-interfaces.js";

const columnsTest = tenantTest.extend("columnsOf", ({ db, schema, tenant: _created }) => {
  return async (table: string): Promise<{ name: string; nullable: boolean }[]> => {
    const { rows } = await sql<{ name: string; nullable: boolean }>`
      select attname as name, not attnotnull as nullable
      from pg_attribute
      where attrelid = ${`"${schema}".${table}`}::text::regclass and attnum > 0 and not attisdropped
      order by attname`.execute(db);
    return rows;
  };
});

function camelCase(column: string): string {
  return column.replaceAll(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

describe.each([
  { table: "marketplace_jobs", columns: marketplaceJobColumns, schema: marketplaceJobSchema },
  { table: "batch_jobs", columns: batchJobColumns, schema: batchJobSchema },
] as const)("$table", ({ table, columns, schema }) => {
  columnsTest("is read with every column that it has", async ({ columnsOf }) => {
    expect((await columnsOf(table)).map(({ name }) => name)).toEqual([...columns].toSorted());
  });

  columnsTest("gives an entity with a field for each column, null where the column may be", async ({ columnsOf }) => {
    const fields = Object.entries(schema.shape).map(([name, field]) => ({
      name,
      nullable: field.safeParse(null).success,
    }));
    const expected = (await columnsOf(table)).map(({ name, nullable }) => ({ name: camelCase(name), nullable }));
    expect(fields.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual(
      expected.toSorted((a, b) => a.name.localeCompare(b.name)),
    );
  });

  columnsTest("has the columns of its table interface, null where it says so", async ({ columnsOf }) => {
    expect(tableInterfaceColumns[table]).toEqual(await columnsOf(table));
  });
});

columnsTest("marketplace_job_stats has the columns of its table interface", async ({ columnsOf }) => {
  expect(jobStatsColumns).toEqual(await columnsOf("marketplace_job_stats"));
});
