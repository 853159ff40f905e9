import { sql } from "kysely";
import { describe, expect } from "vitest";
import { getTenantSchemaStatus, planTenantSchemas, syncTenantSchemas } from "../../../src/index.js";
import { databaseTest as test } from "../../database/fixtures.js";
import { createSchemas, fleet, ledgerOf, notesMigrations } from "./fleet.js";

describe("planTenantSchemas", () => {
  test("tenants that need the same are one group, the largest first", async ({ db }) => {
    await createSchemas(db, ["template_tenant", "user_1", "user_2", "user_3"]);
    await syncTenantSchemas(db, { ...fleet(notesMigrations), tenants: ["user_2"], template: false, to: "0001_notes" });
    const plan = await planTenantSchemas(db, fleet(notesMigrations));
    expect(
      plan.map(({ role, schemas, steps }) => ({ role, schemas, steps: steps.map(({ migration }) => migration) })),
    ).toEqual([
      { role: "template", schemas: ["template_tenant"], steps: ["0001_notes", "0002_tags"] },
      { role: "tenant", schemas: ["user_1", "user_3"], steps: ["0001_notes", "0002_tags"] },
      { role: "tenant", schemas: ["user_2"], steps: ["0002_tags"] },
    ]);
  });

  test("the planned SQL does in any client what a sync would do", async ({ db, pool }) => {
    await createSchemas(db, ["user_1"]);
    const [plan] = await planTenantSchemas(db, fleet(notesMigrations));
    await pool.query(plan?.sql ?? "");
    expect(await ledgerOf(db, "user_1")).toEqual(["0001_notes", "0002_tags"]);
    expect((await syncTenantSchemas(db, fleet(notesMigrations))).summary).toMatchObject({
      "up-to-date": 1,
      migrated: 0,
    });
    await expect(pool.query(plan?.sql ?? ""), "planned SQL that is run twice").rejects.toMatchObject({ code: "MJ001" });
  });

  test("a migration that is a function stands in the plan as a comment", async ({ db }) => {
    await createSchemas(db, ["user_1"]);
    const [plan] = await planTenantSchemas(db, fleet({ "0001_function": { up: async () => {} } }));
    expect(plan?.sql).toContain("-- 0001_function (up) is a function");
  });
});

describe("getTenantSchemaStatus", () => {
  test("what is applied, pending and unknown is told for every schema", async ({ db }) => {
    await createSchemas(db, ["user_1", "user_2"]);
    await syncTenantSchemas(db, { ...fleet(notesMigrations), tenants: ["user_1"] });
    await sql`insert into user_1.marketplace_jobs_migration values ('9999_later', '2030-01-01T00:00:00.000Z')`.execute(
      db,
    );
    const status = await getTenantSchemaStatus(db, { migrations: notesMigrations, sharedSchema: false });
    expect(status).toEqual([
      {
        database: "default",
        schema: "user_1",
        role: "tenant",
        applied: ["0001_notes", "0002_tags"],
        pending: [],
        unknown: ["9999_later"],
      },
      {
        database: "default",
        schema: "user_2",
        role: "tenant",
        applied: [],
        pending: ["0001_notes", "0002_tags"],
        unknown: [],
      },
    ]);
  });
});
