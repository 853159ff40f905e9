import { sql } from "kysely";
import { describe, expect } from "vitest";
import { inspectColumnUse, syncTenantSchemas } from "../../../src/index.js";
import { databaseTest as test } from "../../database/fixtures.js";
import { loadLegacyShared, loadLegacyTemplate, loadLegacyTenant } from "../../legacy/legacy-system.js";
import { BATCH_ID, createLinkedTenants, LINKED, runIn, told } from "./tenants-at-0004.js";

describe("jobs whose string nothing but the column holds", () => {
  test("are counted in each tenant: without a batch, and with a batch of another string", async ({ db }) => {
    await createLinkedTenants(db, ["user_1", "user_2", "user_3"]);
    const batches = `insert into S.batch_jobs (id, batch_id, marketplace, action_code) values (7, 'a', 'vinted', 'publish')`;
    await runIn(db, "user_1", [
      batches,
      `insert into S.marketplace_jobs (batch_id, batch_job_id, action_type_id) values
         ('a', 7, 3), ('', null, 3), (null, 7, 3), (null, null, 3)`,
    ]);
    await runIn(db, "user_2", [
      batches,
      `insert into S.marketplace_jobs (batch_id, batch_job_id, action_type_id) values
         ('a', null, 3), ('b', null, 3), ('b', 7, 3), ('A', 7, 3), ('a ', 7, 3)`,
    ]);
    const report = await inspectColumnUse(db, BATCH_ID);
    expect(report).toMatchObject({ verdict: "in-use", summary: { clear: 2, "in-use": 1 } });
    expect(told(report, "user_2")).toMatchObject({ uses: [], rows: { unlinked: 2, conflicting: 3 } });
    expect(report.groups.at(-1)?.summary).toBe(
      "jobs are linked to a batch with another string; jobs have a string and no batch",
    );
    expect(JSON.stringify(report)).not.toContain("'a");
  });

  test("are all of them in legacy tenants, and none once 0004 has linked them", async ({ db }) => {
    await loadLegacyShared(db);
    await loadLegacyTemplate(db);
    for (const [index, variant] of (["a", "b", "c"] as const).entries()) {
      await loadLegacyTenant(db, variant, `user_${index + 1}`, index + 1, { data: true });
    }
    await loadLegacyTenant(db, "d", "user_4", 4);
    const before = await inspectColumnUse(db, BATCH_ID);
    expect(before.summary).toMatchObject({ "in-use": 3, clear: 1, "no-table": 1 });
    for (const schema of ["user_1", "user_2", "user_3"]) {
      const { rows } = await sql<{ count: number }>`
        select count(*)::integer as count from ${sql.id(schema, "marketplace_jobs")} where batch_id <> ''`.execute(db);
      const found = told(before, schema)?.rows;
      expect(found?.unlinked).toBeGreaterThan(0);
      expect(found?.unlinked).toBeLessThanOrEqual(rows[0]?.count ?? 0);
    }
    await syncTenantSchemas(db, { to: LINKED });
    expect(await inspectColumnUse(db, BATCH_ID)).toMatchObject({ verdict: "clear", tenants: [] });
    await runIn(db, "user_2", ["insert into S.marketplace_jobs (batch_id, action_type_id) values ('late', 3)"]);
    const late = await inspectColumnUse(db, BATCH_ID);
    expect(late.tenants).toMatchObject([{ schema: "user_2", rows: { unlinked: 1, conflicting: 0 } }]);
    expect((await syncTenantSchemas(db)).status).toBe("ok");
  });

  test("are not counted where somebody keeps the table locked, which holds up nobody else", async ({ db }) => {
    await createLinkedTenants(db, ["user_1", "user_2", "user_3"]);
    const holder = await db.startTransaction().execute();
    await sql`lock table user_2.marketplace_jobs in access exclusive mode`.execute(holder);
    const report = await inspectColumnUse(db, BATCH_ID);
    await holder.rollback().execute();
    expect(report).toMatchObject({ verdict: "not-fully-inspected", summary: { clear: 2, "not-inspected": 1 } });
    expect(told(report, "user_2")?.notInspected).toContain("lock timeout");
    expect(report.notInspected).toMatchObject([{ part: "rows", schemas: 1, hint: expect.stringContaining("later") }]);
    expect(await inspectColumnUse(db, BATCH_ID)).toMatchObject({ verdict: "clear" });
  });

  test("are not asked for in other columns", async ({ db, statements }) => {
    await createLinkedTenants(db, ["user_1"]);
    const { texts, result } = await statements.during(() =>
      inspectColumnUse(db, { table: "marketplace_jobs", column: "marketplace", statements: "none" }),
    );
    expect(result.verdict).toBe("in-use");
    expect(texts.filter((text) => text.includes("row_security_active"))).toEqual([]);
  });
});
