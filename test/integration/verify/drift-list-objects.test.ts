import { sql } from "kysely";
import { expect } from "vitest";
import { verifyTenantSchemas } from "../../../src/index.js";
import { databaseTest as test } from "../../database/fixtures.js";
import { loadLegacyShared, loadLegacyTemplate, loadLegacyTenant } from "../../legacy/legacy-system.js";
import { A, B, C, D, damageAndMend, loadLegacyWorld, T } from "./legacy-world.js";
import { about, createTenants, driftOf } from "./migrated-tenants.js";

// The numbers are those of the drift list in test/legacy/README.md; the rest of it is in drift-list-tables.test.ts.

test("5. missing foreign keys", async ({ db }) => {
  await loadLegacyWorld(db);
  const report = await verifyTenantSchemas(db);
  const isMissing =
    "foreign key marketplace_jobs_batch_job_id_fkey of marketplace_jobs is missing: " +
    "FOREIGN KEY (batch_job_id) REFERENCES batch_jobs(id) ON DELETE SET NULL";
  expect(driftOf(report, C)).toContain(isMissing);
  for (const schema of [T, A, B]) expect(driftOf(report, schema)).not.toContain(isMissing);
  // Products are the host's: whether a key leads there is told, and no drift.
  const keyToProducts = expect.objectContaining({
    definition: "FOREIGN KEY (product_id) REFERENCES products(id) ON DELETE SET NULL",
  });
  for (const schema of [T, A]) expect(about(report, schema).extra).toContainEqual(keyToProducts);
  for (const schema of [B, C]) expect(about(report, schema).extra).not.toContainEqual(keyToProducts);
  const damage = "alter table user_9.marketplace_jobs drop constraint marketplace_jobs_batch_job_id_fkey";
  expect(await damageAndMend(db, damage)).toEqual({ found: [isMissing], left: [] });
});

test("6. ids from another schema", async ({ db }) => {
  await loadLegacyWorld(db);
  const report = await verifyTenantSchemas(db);
  const foreign = (schema: string): string[] =>
    driftOf(report, schema).filter((message) => message.includes("come from the sequence template_tenant."));
  expect(foreign(A)).toEqual([]);
  expect(foreign(D)).toEqual([
    "ids of marketplace_job_stats come from the sequence template_tenant.vinted_job_stats_id_seq instead of an identity of the table's own",
  ]);
  for (const schema of [B, C]) {
    expect(foreign(schema)).toEqual([
      "ids of marketplace_jobs come from the sequence template_tenant.vinted_jobs_id_seq instead of an identity of the table's own",
      ...foreign(D),
    ]);
  }
  const damage = `create sequence public.somewhere_else start 500;
    insert into user_9.batch_jobs (id, batch_id, marketplace, action_code) values (41, 'b', 'ebay', 'publish');
    alter table user_9.batch_jobs alter column id drop identity;
    alter table user_9.batch_jobs alter column id set default nextval('public.somewhere_else');
    select nextval('public.somewhere_else')`;
  expect(await damageAndMend(db, damage)).toEqual({
    found: [
      "ids of batch_jobs come from the sequence somewhere_else instead of an identity of the table's own",
      "sequence batch_jobs_id_seq of batch_jobs is missing: owned by id up to 2147483647",
    ],
    left: [],
  });
  const next = await sql<{ id: number }>`
    insert into user_9.batch_jobs (batch_id, marketplace, action_code) values ('c', 'ebay', 'publish') returning id`.execute(
    db,
  );
  expect(next.rows).toEqual([{ id: 501 }]);
});

test("7. old names on sequences and keys", async ({ db }) => {
  await loadLegacyWorld(db);
  const drift = driftOf(await verifyTenantSchemas(db), T);
  expect(drift).toContain("sequence marketplace_jobs_id_seq of marketplace_jobs is named vinted_jobs_id_seq");
  expect(drift).toContain(
    "sequence marketplace_job_stats_id_seq of marketplace_job_stats is named vinted_job_stats_id_seq",
  );
  expect(drift).toContain(
    "primary key marketplace_job_stats_pkey of marketplace_job_stats is named vinted_job_stats_pkey",
  );
  const damage = `alter sequence user_9.marketplace_jobs_id_seq rename to vinted_jobs_id_seq;
    alter table user_9.marketplace_job_stats rename constraint marketplace_job_stats_pkey to vinted_job_stats_pkey`;
  expect(await damageAndMend(db, damage)).toEqual({
    found: [
      "sequence marketplace_jobs_id_seq of marketplace_jobs is named vinted_jobs_id_seq",
      "primary key marketplace_job_stats_pkey of marketplace_job_stats is named vinted_job_stats_pkey",
    ],
    left: [],
  });
});

test("9. one index, many names", async ({ db }) => {
  await loadLegacyWorld(db);
  const report = await verifyTenantSchemas(db);
  const named = (schema: string, name: string): void => {
    const unique = "unique index marketplace_jobs_idempotency_key_idx of marketplace_jobs is named";
    expect(driftOf(report, schema)).toContain(`${unique} ${name}`);
  };
  named(T, "idx_template_marketplace_jobs_idempotency_key");
  named(A, "idx_10_marketplace_jobs_idempotency_key");
  named(B, "idx_1_marketplace_jobs_idempotency_key");
  for (const index of [
    "index ix_user10_marketplace_jobs_batch_id of marketplace_jobs is the legacy system's: btree (batch_id)",
    "index ix_user10_marketplace_jobs_status of marketplace_jobs is the legacy system's: btree (status)",
    "index ix_user10_marketplace_jobs_priority of marketplace_jobs is the legacy system's: btree (priority)",
    "index ix_user10_marketplace_jobs_created_at of marketplace_jobs is the legacy system's: btree (created_at)",
    "index idx_marketplace_jobs_marketplace of marketplace_jobs is the legacy system's: btree (marketplace)",
  ]) {
    expect(driftOf(report, A)).toContain(index);
  }
  expect(driftOf(report, C)).toContain(
    "index marketplace_jobs_batch_job_id_idx of marketplace_jobs is btree (batch_job_id), " +
      "not btree (batch_job_id, created_at, id) WHERE (batch_job_id IS NOT NULL)",
  );
  const damage = `alter index user_9.marketplace_jobs_idempotency_key_idx rename to idx_9_marketplace_jobs_idempotency_key;
    create index ix_user9_marketplace_jobs_status on user_9.marketplace_jobs (status)`;
  expect(await damageAndMend(db, damage)).toEqual({
    found: [
      "index ix_user9_marketplace_jobs_status of marketplace_jobs is the legacy system's: btree (status)",
      "unique index marketplace_jobs_idempotency_key_idx of marketplace_jobs is named idx_9_marketplace_jobs_idempotency_key",
    ],
    left: [],
  });
});

test("9. tenants that differ in nothing but the number in their indexes' names are one group", async ({ db }) => {
  await loadLegacyShared(db);
  await loadLegacyTemplate(db);
  for (let number = 10; number < 20; number += 1) await loadLegacyTenant(db, "a", `user_${number}`, number);
  const report = await verifyTenantSchemas(db);
  expect(report.groups[0]).toMatchObject({ tenants: 10, role: "tenant", state: "drifted" });
  expect(driftOf(report, "user_17")).toContain(
    "unique index marketplace_jobs_idempotency_key_idx of marketplace_jobs is named idx_17_marketplace_jobs_idempotency_key",
  );
});

test("10. a doubled index", async ({ db }) => {
  await loadLegacyWorld(db);
  const report = await verifyTenantSchemas(db);
  const repeats =
    "index idx_batch_jobs_batch_id of batch_jobs repeats unique constraint batch_jobs_batch_id_key: btree (batch_id)";
  for (const schema of [T, A, B]) expect(driftOf(report, schema)).toContain(repeats);
  expect(await damageAndMend(db, "create index idx_batch_jobs_batch_id on user_9.batch_jobs (batch_id)")).toEqual({
    found: [repeats],
    left: [],
  });
});

test("11. no copy restrains priority or marketplace of a job, which is no drift: old rows may hold any", async ({
  db,
}) => {
  await loadLegacyWorld(db);
  const report = await verifyTenantSchemas(db);
  for (const { drift } of report.tenants) {
    const ofJobs = drift.filter(({ kind, table }) => kind === "constraint" && table === "marketplace_jobs");
    expect(ofJobs.filter(({ expected }) => /priority|marketplace\W/.test(expected ?? ""))).toEqual([]);
  }
  await createTenants(db, ["user_9"]);
  await sql`alter table user_9.marketplace_jobs add constraint valid_priority check (priority between 1 and 4)`.execute(
    db,
  );
  const found = about(await verifyTenantSchemas(db, { tenants: ["user_9"] }), "user_9");
  expect(found).toMatchObject({ state: "canonical", extra: [{ kind: "constraint", name: "valid_priority" }] });
});

test("12. a misfiled action type is told and left as it is", async ({ db }) => {
  await loadLegacyWorld(db);
  const notice =
    "action type 8, sync_orders_ebay, is filed under vinted although its code names ebay; it stays so, because jobs refer to it";
  expect(about(await verifyTenantSchemas(db), "public").notices).toEqual([notice]);
  await createTenants(db, ["user_9"]);
  const report = await verifyTenantSchemas(db, { tenants: ["user_9"] });
  expect(about(report, "public")).toMatchObject({ state: "canonical", notices: [notice] });
});
