import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { expect } from "vitest";
import { type SyncReport, syncReportSchema, verifyTenantSchemas } from "../../../src/index.js";
import { databaseTest } from "../../database/fixtures.js";
import { loadLegacyShared, loadLegacyTemplate, loadLegacyTenant } from "../../legacy/legacy-system.js";
import { ledgerOf } from "../sync/fleet.js";

const REPOSITORY = fileURLToPath(new URL("../../..", import.meta.url));

interface ScriptResult {
  readonly exitCode: number;
  readonly output: string;
  /** What the script left as sync-report.json. */
  readonly report: () => SyncReport;
}

const test = databaseTest
  .extend("folder", ({}, { onCleanup }) => {
    const folder = mkdtempSync(join(tmpdir(), "marketplace-jobs-migrate-"));
    onCleanup(() => rmSync(folder, { recursive: true }));
    return folder;
  })
  .extend("migrate", ({ database, folder }) => {
    return async (...args: string[]): Promise<ScriptResult> =>
      await new Promise((resolve) => {
        execFile(
          process.execPath,
          ["--import", import.meta.resolve("tsx"), join(REPOSITORY, "examples/migrate-script/migrate.ts"), ...args],
          {
            cwd: folder,
            env: {
              PATH: process.env["PATH"],
              DATABASE_URL: database.url,
              TSX_TSCONFIG_PATH: join(REPOSITORY, "tsconfig.json"),
            },
          },
          (error, stdout, stderr) =>
            resolve({
              exitCode: error === null ? 0 : Number(error.code),
              output: stdout + stderr,
              report: () => syncReportSchema.parse(JSON.parse(readFileSync(join(folder, "sync-report.json"), "utf8"))),
            }),
        );
      });
  })
  .extend("legacyTenants", async ({ db }) => {
    await loadLegacyShared(db);
    await loadLegacyTemplate(db);
    const variants = ["a", "b", "c", "d"] as const;
    for (const [index, variant] of variants.entries()) {
      await loadLegacyTenant(db, variant, `user_${index + 1}`, index + 1, { data: variant < "d" });
    }
    return variants.map((_, index) => `user_${index + 1}`);
  });

test("a pipeline links first, deploys, and drops then, with its own migrations after ours", async ({
  db,
  legacyTenants,
  migrate,
}) => {
  const linked = await migrate("0004_link_jobs_to_batches");
  expect(linked.exitCode, linked.output).toBe(0);
  for (const schema of legacyTenants) expect((await ledgerOf(db, schema)).at(-1)).toBe("0004_link_jobs_to_batches");

  const dropped = await migrate();
  expect(dropped.exitCode, dropped.output).toBe(0);
  expect(dropped.output).toContain("canary …");
  const { status, tenants } = dropped.report();
  expect(status).toBe("ok");
  expect(tenants.filter(({ role }) => role === "canary").map(({ schema }) => schema)).toHaveLength(1);
  for (const schema of legacyTenants) {
    expect((await ledgerOf(db, schema)).slice(-3)).toEqual([
      "0005_drop_marketplace_jobs_batch_id",
      "0100_product_notes",
      "0101_product_note_authors",
    ]);
    expect(await db.withSchema(schema).selectFrom("product_notes").select("author").execute()).toEqual([]);
  }
  expect((await verifyTenantSchemas(db)).status).toBe("ok");
  expect((await migrate()).report().summary).toMatchObject({ migrated: 0, "up-to-date": 6 });
});

test("a pipeline is stopped by a tenant that fails, and its report says why", async ({
  db,
  legacyTenants,
  migrate,
}) => {
  await sql`create view ${sql.table(`${legacyTenants[2]}.report`)} as
    select batch_id from ${sql.table(`${legacyTenants[2]}.marketplace_jobs`)}`.execute(db);
  const { exitCode, output, report } = await migrate();
  expect(exitCode).toBe(1);
  expect(output).toMatch(/user_3 failed: .* \(COLUMN_IN_USE\)/);
  expect(report()).toMatchObject({ status: "partial", summary: { migrated: 5, failed: 1 } });
});

test("a pipeline that names a migration wrongly is told the right name, and nothing is changed", async ({
  db,
  legacyTenants,
  migrate,
}) => {
  const { exitCode, output } = await migrate("0004_link_jobs");
  expect(exitCode).toBe(1);
  expect(output).toContain('Did you mean "0004_link_jobs_to_batches"?');
  for (const schema of legacyTenants) expect(await ledgerOf(db, schema)).toEqual([]);
});
