import { describe, expect } from "vitest";
import {
  createTenantSchema,
  getTenantSchemaStatus,
  inspectColumnUse,
  type NamedDatabase,
  planTenantSchemas,
  syncTenantSchemas,
  verifyTenantSchemas,
} from "../../../src/index.js";
import { hostKysely } from "./fleet.js";
import { proxiedTest as test } from "./proxied-fixture.js";

describe("a server that goes away in the middle", () => {
  const questions: Readonly<Record<string, (databases: readonly NamedDatabase[]) => Promise<unknown>>> = {
    "as likeness": (databases) => verifyTenantSchemas(databases),
    json_array_elements_text: (databases) =>
      inspectColumnUse(databases, { table: "marketplace_jobs", column: "batch_id" }),
  };

  for (const [said, ask] of Object.entries(questions)) {
    test(`is told by its database's name (${said})`, async ({ db, proxy, remote }) => {
      await createTenantSchema(db, "user_1");
      proxy.cutNext(said, "before");
      await expect(
        ask([
          { name: "frankfurt", db },
          { name: "paris", db: remote },
        ]),
      ).rejects.toMatchObject({
        code: "CONNECTION_LOST",
        message: expect.stringContaining('The server of database "paris" does not answer'),
      });
    });
  }
});

describe("a server that does not let the role in", () => {
  const doors: Readonly<Record<string, (url: URL) => void>> = {
    "because there is no such database": (url) => (url.pathname = "/no_such_shop"),
    "because there is no such role": (url) => ([url.username, url.password] = ["nobody_here", "correct-horse"]),
  };

  for (const [why, change] of Object.entries(doors)) {
    test(`${why}: the error names the database among several, and neither is waited for`, async ({ database, db }) => {
      const url = new URL(database.url);
      change(url);
      const closed = hostKysely({ connectionString: url.href });
      const databases = [
        { name: "frankfurt", db },
        { name: "paris", db: closed },
      ];
      try {
        for (const ask of [syncTenantSchemas, planTenantSchemas, getTenantSchemaStatus, verifyTenantSchemas]) {
          const error: unknown = await ask(databases).catch((thrown: unknown) => thrown);
          expect(error).toMatchObject({
            code: "CONNECTION_REFUSED",
            message: expect.stringMatching(/^The server of database "paris" does not let this connection in: /),
            hint: expect.stringContaining("Correct the user"),
            isRetryable: false,
          });
          expect((error as Error).message).not.toContain("correct-horse");
        }
        const inspected = inspectColumnUse(databases, { table: "marketplace_jobs", column: "batch_id" });
        await expect(inspected).rejects.toMatchObject({ code: "CONNECTION_REFUSED" });
      } finally {
        await closed.destroy();
      }
    });
  }
});
