import { sql } from "kysely";
import { describe, expect } from "vitest";
import { migrations } from "../../../migrations/index.js";
import { getTenantSchemaStatus, planTenantSchemas, syncTenantSchemas } from "../../../src/index.js";
import { databaseTest as test } from "../../database/fixtures.js";
import { createLinkedTenants, runIn } from "../inspect/tenants-at-0004.js";
import { createSchemas, fleet, hostKysely, ledgerOf, notesMigrations } from "./fleet.js";
import { loadLegacyFleet } from "./legacy-fleet.js";

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

describe("where 0005 is planned, what it would refuse and warn of", () => {
  const counting =
    "create function S.report() returns bigint language sql as 'select count(batch_id) from S.marketplace_jobs'";
  const view = "create view S.by_string as select batch_id from S.marketplace_jobs";
  const means = "create view S.means as select avg_duration_ms from S.marketplace_job_stats";

  test("is told for each object and the schemas that have it, and is what a sync then does", async ({ db }) => {
    const schemas = ["user_1", "user_2", "user_3", "user_4"];
    await createLinkedTenants(db, schemas);
    await runIn(db, "user_2", [view, counting]);
    await runIn(db, "user_3", [view, means]);
    await runIn(db, "user_4", [counting]);
    const [plan] = await planTenantSchemas(db, { sharedSchema: false });
    const batchId = { table: "marketplace_jobs", column: "batch_id" };
    expect(plan?.columnUse).toEqual({
      uses: [
        { ...batchId, effect: "blocks", kind: "view", name: "by_string", schemas: ["user_2", "user_3"] },
        { ...batchId, effect: "names", kind: "function", name: "report", schemas: ["user_2", "user_4"] },
        {
          table: "marketplace_job_stats",
          column: "avg_duration_ms",
          effect: "blocks",
          kind: "view",
          name: "means",
          schemas: ["user_3"],
        },
      ],
    });
    const report = await syncTenantSchemas(db, { sharedSchema: false, throwOnFailure: false });
    expect(report.tenants.map(({ schema, error, warnings }) => [schema, error?.code, warnings.length])).toEqual([
      ["user_1", undefined, 0],
      ["user_2", "COLUMN_IN_USE", 0],
      ["user_3", "COLUMN_IN_USE", 0],
      ["user_4", undefined, 1],
    ]);
  });

  test("is nothing for legacy tenants as they are", async ({ db }) => {
    await loadLegacyFleet(db, 5);
    const plans = await planTenantSchemas(db);
    expect(plans.map(({ role, columnUse }) => [role, columnUse])).toEqual([
      ["shared", undefined],
      ["template", { uses: [] }],
      ["tenant", { uses: [] }],
    ]);
  });

  test("is not asked for where the column stays, or another migration has the name", async ({ db, statements }) => {
    await createLinkedTenants(db, ["user_1"]);
    await runIn(db, "user_1", [view]);
    const { result, texts } = await statements.during(async () => [
      ...(await planTenantSchemas(db, { to: "0004_link_jobs_to_batches" })),
      ...(await planTenantSchemas(db, { to: "0003_marketplace_job_stats" })),
      ...(await planTenantSchemas(db, {
        migrations: { ...migrations, "0005_drop_marketplace_jobs_batch_id": { up: async () => {} } },
      })),
    ]);
    expect(result.filter((plan) => "columnUse" in plan)).toEqual([]);
    expect(texts.filter((text) => text.includes("pg_depend"))).toEqual([]);
  });

  test("is said not to be known where the catalog may not be read", async ({ db, database }) => {
    const role = `${database.name}_role`;
    await createLinkedTenants(db, ["user_1"]);
    await sql`create role ${sql.id(role)}`.execute(db);
    await sql`grant usage on schema user_1 to ${sql.id(role)}`.execute(db);
    await sql`grant select on user_1.marketplace_jobs_migration to ${sql.id(role)}`.execute(db);
    await sql`revoke select on pg_catalog.pg_depend from public`.execute(db);
    const limited = hostKysely({ connectionString: database.url, options: `-c role=${role}` });
    try {
      expect(await planTenantSchemas(limited, { sharedSchema: false })).toMatchObject([
        { schemas: ["user_1"], columnUse: { uses: [], notInspected: expect.stringContaining("pg_depend") } },
      ]);
    } finally {
      await limited.destroy();
      await sql`grant select on pg_catalog.pg_depend to public`.execute(db);
      await sql`drop owned by ${sql.id(role)}`.execute(db);
      await sql`drop role ${sql.id(role)}`.execute(db);
    }
  });

  test("costs as many statements for thirty tenants as for one", async ({ db, statements }) => {
    await createLinkedTenants(db, ["user_1"]);
    const one = await statements.during(() => planTenantSchemas(db));
    await createLinkedTenants(
      db,
      Array.from({ length: 29 }, (_, index) => `user_${index + 2}`),
    );
    expect((await statements.during(() => planTenantSchemas(db))).statements).toBe(one.statements);
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
