import { describe, expect } from "vitest";
import { migrations, plainSqlMigration } from "../../../migrations/index.js";
import {
  type MarketplaceJobsError,
  NO_MIGRATIONS,
  planTenantSchemas,
  type SyncOptions,
  syncTenantSchemas,
} from "../../../src/index.js";
import { databaseTest as test } from "../../database/fixtures.js";
import { createSchemas, fleet, ledgerOf, notesMigrations } from "./fleet.js";

const anyMigration = plainSqlMigration({ up: () => "select 1;" });

async function refusal(run: () => Promise<unknown>): Promise<MarketplaceJobsError> {
  return await run().then(
    () => expect.unreachable("the input was taken"),
    (error: unknown) => error as MarketplaceJobsError,
  );
}

describe("bad input to a sync", () => {
  const cases: readonly [title: string, options: unknown, code: string, named: string][] = [
    ["an unknown option", { dryrun: true }, "INVALID_OPTIONS", "dryrun"],
    ["a concurrency of zero", { concurrency: 0 }, "INVALID_OPTIONS", "concurrency"],
    ["a lock timeout that is no whole number", { lockTimeoutMs: 0.5 }, "INVALID_OPTIONS", "lockTimeoutMs"],
    ["an empty list of canaries", { canary: [] }, "INVALID_OPTIONS", "canary"],
    ["a misspelt way to go on after failures", { onFailure: "abort" }, "INVALID_OPTIONS", "onFailure"],
    ["a template that is the empty string", { template: "" }, "INVALID_OPTIONS", "template"],
    [
      "a target that names no migration",
      { to: "0004_link_job_to_batches" },
      "UNKNOWN_MIGRATION",
      "0004_link_job_to_batches",
    ],
    ["an empty target", { to: "" }, "UNKNOWN_MIGRATION", '""'],
    ["a target that only an object's prototype has", { to: "constructor" }, "UNKNOWN_MIGRATION", "constructor"],
    [
      "migrations that are not written in their order",
      { migrations: { "0002_b": anyMigration, "0001_a": anyMigration } },
      "INVALID_MIGRATIONS",
      "0001_a",
    ],
    [
      "migrations numbered without leading zeros",
      { migrations: { "9_b": anyMigration, "10_a": anyMigration } },
      "INVALID_MIGRATIONS",
      "10_a",
    ],
    [
      "a migration whose name is not ASCII",
      { migrations: { "0001_prénom": anyMigration } },
      "INVALID_MIGRATIONS",
      "ASCII",
    ],
    [
      "a migration whose name is longer than the ledger's column",
      { migrations: { ["0".repeat(256)]: anyMigration } },
      "INVALID_MIGRATIONS",
      "255",
    ],
    ["a migration without up", { migrations: { "0001_a": { down: async () => {} } } }, "INVALID_MIGRATIONS", "0001_a"],
    ["an empty tenant name", { tenants: [""] }, "INVALID_TENANT_SCHEMA", '""'],
    ["a tenant name over 63 bytes", { tenants: ["é".repeat(32)] }, "INVALID_TENANT_SCHEMA", "63 bytes"],
    ["a tenant name with NUL", { tenants: ["user_\u00001"] }, "INVALID_TENANT_SCHEMA", "NUL"],
    ["a tenant name with a lone surrogate", { tenants: ["user_\ud800"] }, "INVALID_TENANT_SCHEMA", "surrogate"],
    ["public as a tenant", { tenants: ["public"] }, "INVALID_TENANT_SCHEMA", "public"],
    ["a schema of PostgreSQL as a tenant", { tenants: ["pg_toast"] }, "INVALID_TENANT_SCHEMA", "pg_toast"],
    [
      "the information schema as a tenant",
      { tenants: ["information_schema"] },
      "INVALID_TENANT_SCHEMA",
      "information_schema",
    ],
    [
      "the template as a tenant",
      { tenants: ["blueprint"], template: "blueprint" },
      "INVALID_TENANT_SCHEMA",
      "blueprint",
    ],
    ["the shared schema as a tenant", { tenants: ["shop"], sharedSchema: "shop" }, "INVALID_TENANT_SCHEMA", "shop"],
    ["a tenant that is listed twice", { tenants: ["user_1", "user_1"] }, "INVALID_TENANT_SCHEMA", "more than once"],
    ["a signal that is no AbortSignal", { signal: {} }, "INVALID_OPTIONS", "signal"],
  ];

  for (const [title, options, code, named] of cases) {
    test(`${title} is refused before any SQL`, async ({ db, statements }) => {
      const { result, texts } = await statements.during(
        async () => await refusal(async () => await syncTenantSchemas(db, options as SyncOptions)),
      );
      expect(result).toMatchObject({ code, isRetryable: false });
      expect(result.message).toContain(named);
      expect(texts).toEqual([]);
    });
  }

  test("the nearest migration is suggested for a target that does not exist", async ({ db }) => {
    const error = await refusal(async () => await planTenantSchemas(db, { to: "0004_link_job_to_batches" }));
    expect(error.hint).toBe('Did you mean "0004_link_jobs_to_batches"?');
  });

  test("all wrong names of a list are told at once", async ({ db }) => {
    const error = await refusal(
      async () => await syncTenantSchemas(db, { tenants: ["public", "user_1", "", "user_1"] }),
    );
    expect(error.details).toEqual({ schemas: ["public", "", "user_1"] });
  });

  test("tenants and a template that do not exist are refused by name, before anything is changed", async ({ db }) => {
    await createSchemas(db, ["user_1"]);
    const tenants = await refusal(
      async () => await syncTenantSchemas(db, { ...fleet(notesMigrations), tenants: ["user_1", "user_2", "User_1"] }),
    );
    expect(tenants).toMatchObject({ code: "UNKNOWN_TENANT_SCHEMA", details: { schemas: ["user_2", "User_1"] } });
    const template = await refusal(
      async () => await syncTenantSchemas(db, { ...fleet(notesMigrations), template: "template_tenant" }),
    );
    expect(template).toMatchObject({ code: "UNKNOWN_TENANT_SCHEMA", details: { schemas: ["template_tenant"] } });
    const canary = await refusal(
      async () => await syncTenantSchemas(db, { ...fleet(notesMigrations), canary: ["user_7"] }),
    );
    expect(canary).toMatchObject({ code: "UNKNOWN_TENANT_SCHEMA", details: { schemas: ["user_7"] } });
    expect(await ledgerOf(db, "user_1")).toEqual([]);
  });

  test("a list that a function returns is held to the same rules", async ({ db }) => {
    const error = await refusal(
      async () => await syncTenantSchemas(db, { ...fleet(notesMigrations), tenants: async () => ["public"] }),
    );
    expect(error.code).toBe("INVALID_TENANT_SCHEMA");
  });

  test("a transaction cannot be synced in, since each migration of each tenant is one of its own", async ({ db }) => {
    const error = await db
      .transaction()
      .execute(async (trx) => await refusal(async () => await syncTenantSchemas(trx)));
    expect(error).toMatchObject({ code: "INVALID_OPTIONS" });
    expect(error.message).toContain("transaction");
  });

  test("several databases need names that differ", async ({ db }) => {
    const error = await refusal(
      async () =>
        await syncTenantSchemas([
          { name: "a", db },
          { name: "a", db },
        ]),
    );
    expect(error.code).toBe("INVALID_OPTIONS");
  });

  test("a migration that cannot be taken back is named before anything runs", async ({ db }) => {
    await createSchemas(db, ["user_1", "user_2"]);
    const oneWay = { ...notesMigrations, "0003_one_way": anyMigration };
    await syncTenantSchemas(db, fleet(oneWay));
    const error = await refusal(async () => await syncTenantSchemas(db, { ...fleet(oneWay), to: "0001_notes" }));
    expect(error).toMatchObject({ code: "MIGRATION_NOT_REVERSIBLE", migration: "0003_one_way" });
    expect(await ledgerOf(db, "user_1")).toEqual(Object.keys(oneWay));
  });

  test("everything can be taken back by name of the state before the first migration", async ({ db }) => {
    await createSchemas(db, ["user_1"]);
    await syncTenantSchemas(db, { sharedSchema: false });
    const report = await syncTenantSchemas(db, { sharedSchema: false, to: NO_MIGRATIONS });
    expect(report.tenants).toMatchObject([{ outcome: "rolled-back", applied: Object.keys(migrations).toReversed() }]);
    expect(await ledgerOf(db, "user_1")).toEqual([]);
  });

  test("a pattern with a memory of its own still finds every tenant", async ({ db }) => {
    await createSchemas(db, ["user_1", "user_2", "user_3", "user_x", "userx1"]);
    const report = await syncTenantSchemas(db, { ...fleet(notesMigrations), tenants: /^user_[0-9]+$/gy });
    expect(report.tenants.map(({ schema }) => schema)).toEqual(["user_1", "user_2", "user_3"]);
  });

  test("names that only need quoting are migrated like any other, however hostile they look", async ({ db }) => {
    const hostile = [
      `o'hara`,
      `say "hi"`,
      `x"; drop schema public cascade; --`,
      "$$",
      "$do$",
      "back\\slash",
      " ",
      "💥",
      "Ünï",
      "a.b",
      "%s",
      "%I",
      "{}",
      "null",
      "SELECT",
      "\n",
      "a\tb",
      "é".repeat(31),
    ];
    await createSchemas(db, hostile);
    const report = await syncTenantSchemas(db, { tenants: hostile, sharedSchema: false });
    expect(report.summary.migrated).toBe(hostile.length);
    const back = await syncTenantSchemas(db, { tenants: hostile, sharedSchema: false, to: NO_MIGRATIONS });
    expect(back.summary["rolled-back"]).toBe(hostile.length);
    expect(back.tenants.map(({ schema }) => schema)).toEqual(hostile);
  });
});
