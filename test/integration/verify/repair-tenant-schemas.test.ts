import { sql } from "kysely";
import { describe, expect } from "vitest";
import { repairReportSchema, repairTenantSchemas, TenantRepairError, verifyTenantSchemas } from "../../../src/index.js";
import { databaseTest as test } from "../../database/fixtures.js";
import { about, createTenants, driftOf } from "./migrated-tenants.js";

/** Damages that a repair undoes without a loss, in schema S. */
const DAMAGES: Readonly<Record<string, string>> = {
  "a missing index": "drop index S.marketplace_jobs_claim_idx",
  "an invalid index":
    "update pg_index set indisvalid = false where indexrelid = 'S.marketplace_jobs_list_idx'::regclass",
  "a missing foreign key": "alter table S.marketplace_jobs drop constraint marketplace_jobs_batch_job_id_fkey",
  "a key with another action": `alter table S.marketplace_jobs drop constraint marketplace_jobs_batch_job_id_fkey,
    add constraint by_batch foreign key (batch_job_id) references S.batch_jobs (id) on delete cascade`,
  "a key that was not validated": `alter table S.marketplace_jobs drop constraint marketplace_jobs_batch_job_id_fkey,
    add constraint marketplace_jobs_batch_job_id_fkey foreign key (batch_job_id) references S.batch_jobs (id)
    on delete set null not valid`,
  "a missing check": "alter table S.batch_jobs drop constraint batch_jobs_status_check",
  "a missing unique constraint": "alter table S.marketplace_job_stats drop constraint marketplace_job_stats_key",
  "a missing default": "alter table S.marketplace_jobs alter column run_at drop default",
  "a missing NOT NULL": "alter table S.batch_jobs alter column priority drop not null",
  "a missing column": "alter table S.marketplace_jobs drop column cancel_requested",
  "a column that is too narrow": "alter table S.batch_jobs alter column batch_id type varchar(40)",
  "ids without an identity": "alter table S.batch_jobs alter column id drop identity",
  "ids that must be generated": "alter table S.batch_jobs alter column id set generated always",
  "misnamed objects": `alter index S.marketplace_jobs_open_idx rename to "odd % name";
    alter sequence S.batch_jobs_id_seq rename to other_seq;
    alter table S.batch_jobs rename constraint batch_jobs_pkey to k`,
  "superfluous indexes":
    "create index again on S.batch_jobs (batch_id); create index old on S.marketplace_jobs (status)",
  "an unlogged table": "alter table S.marketplace_job_stats set unlogged",
};

describe("after a repair a tenant is canonical", () => {
  test.for(Object.entries(DAMAGES))("%s", async ([_, damage], { db }) => {
    const schema = 'odd "name" %';
    await createTenants(db, [schema]);
    await sql.raw(damage.replaceAll("S.", '"odd ""name"" %".')).execute(db);
    expect(about(await verifyTenantSchemas(db, { tenants: [schema] }), schema).state).toBe("drifted");

    const plan = await repairTenantSchemas(db, { tenants: [schema], dryRun: true });
    const planned = plan.tenants.find((tenant) => tenant.schema === schema);
    expect(planned).toMatchObject({ outcome: "repaired", attempts: 0, refused: [] });
    expect(about(await verifyTenantSchemas(db, { tenants: [schema] }), schema).state).toBe("drifted");

    const report = await repairTenantSchemas(db, { tenants: [schema] });
    expect(report.status).toBe("ok");
    expect(report.tenants.find((tenant) => tenant.schema === schema)).toMatchObject({
      outcome: "repaired",
      attempts: 1,
      mends: planned?.mends,
    });
    expect(driftOf(await verifyTenantSchemas(db, { tenants: [schema] }), schema)).toEqual([]);
    expect(repairReportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
  });
});

test("what cannot be mended without loss is refused with the reason, and the rest is mended", async ({ db }) => {
  await createTenants(db, ["user_1", "user_2"]);
  await sql`alter table user_1.batch_jobs alter column created_by_user_id type text`.execute(db);
  await sql`drop index user_1.marketplace_jobs_claim_idx`.execute(db);
  await expect(repairTenantSchemas(db)).rejects.toThrow(TenantRepairError);
  const report = await repairTenantSchemas(db, { throwOnFailure: false });
  expect(report).toMatchObject({ status: "partial" });
  expect(report.tenants.find(({ schema }) => schema === "user_1")).toMatchObject({
    outcome: "refused",
    refused: [{ refusal: expect.stringContaining("Not every value of text is one of integer") }],
  });
  expect(driftOf(await verifyTenantSchemas(db), "user_1")).toHaveLength(1);
});

test("a mend that the rows stand against fails for its tenant alone and changes nothing of it", async ({ db }) => {
  await createTenants(db, ["user_1", "user_2"]);
  for (const schema of ["user_1", "user_2"]) {
    await sql`alter table ${sql.id(schema, "marketplace_jobs")} drop constraint marketplace_jobs_batch_job_id_fkey`.execute(
      db,
    );
    await sql`drop index ${sql.id(schema, "marketplace_jobs_claim_idx")}`.execute(db);
  }
  await sql`insert into user_1.marketplace_jobs (marketplace, action_type_id, batch_job_id) values ('ebay', 9, 77)`.execute(
    db,
  );
  const report = await repairTenantSchemas(db, { throwOnFailure: false });
  expect(report.tenants.map(({ schema, outcome }) => [schema, outcome])).toEqual([
    ["public", "canonical"],
    ["user_1", "failed"],
    ["user_2", "repaired"],
  ]);
  expect(JSON.stringify(report)).not.toContain("(77)");
  expect(driftOf(await verifyTenantSchemas(db), "user_1")).toHaveLength(2);
});

test("two repairs at once do everything once", async ({ db }) => {
  const names = ["user_1", "user_2", "user_3", "user_4"];
  await createTenants(db, names);
  for (const schema of names) await sql`drop index ${sql.id(schema, "marketplace_jobs_claim_idx")}`.execute(db);
  const options = { lockTimeoutMs: 5_000 };
  const [one, other] = await Promise.all([repairTenantSchemas(db, options), repairTenantSchemas(db, options)]);
  expect([one.status, other.status]).toEqual(["ok", "ok"]);
  expect(await verifyTenantSchemas(db)).toMatchObject({ status: "ok" });
});

test("a tenant that is locked for a while is put back and repaired when it is free", async ({ db }) => {
  await createTenants(db, ["user_1", "user_2"]);
  for (const schema of ["user_1", "user_2"]) {
    await sql`drop index ${sql.id(schema, "marketplace_jobs_claim_idx")}`.execute(db);
  }
  const holder = await db.startTransaction().execute();
  await sql`lock table user_2.marketplace_jobs in access exclusive mode`.execute(holder);
  let released: Promise<unknown> | undefined;
  const report = await repairTenantSchemas(db, {
    maxAttempts: 50,
    onEvent: ({ type }) => {
      if (type === "tenant-postponed") released ??= holder.rollback().execute();
    },
  });
  await released;
  expect(released).toBeDefined();
  expect(report.tenants.map(({ schema, outcome }) => [schema, outcome])).toEqual([
    ["public", "canonical"],
    ["user_1", "repaired"],
    ["user_2", "repaired"],
  ]);
  expect(await verifyTenantSchemas(db)).toMatchObject({ status: "ok" });
});

test("options that are about migrations are refused before any SQL", async ({ db }) => {
  for (const options of [{ to: "0001_batch_jobs" }, { canary: 1 }, { migrations: {} }]) {
    await expect(repairTenantSchemas(db, options as never)).rejects.toMatchObject({ code: "INVALID_OPTIONS" });
  }
});
