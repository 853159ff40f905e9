import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { hc } from "hono/client";
import type { Kysely } from "kysely";
import { migrations, sharedMigrations } from "marketplace-jobs/migrations";
import { authenticateByToken } from "../../../examples/host-api/authentication.js";
import { createHostApi, type HostApi } from "../../../examples/host-api/host-api.js";
import { createTenantTables } from "../../database/canonical-tables.js";
import { databaseTest } from "../../database/fixtures.js";
import { loadLegacyShared, loadLegacyTemplate, loadLegacyTenant } from "../../legacy/legacy-system.js";

/** The application behind a port of its own. */
export interface RunningHostApi {
  readonly url: string;
  /** What the application would have logged. */
  readonly errors: readonly unknown[];
  /** A typed client that is logged in as a user of that tenant. */
  client(token: "legacy" | "fresh"): ReturnType<typeof hc<HostApi>>;
  /** Any request, in the name of the tenant with the legacy data unless told otherwise. */
  request(path: string, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

/**
 * Two tenants behind the application: `user_10` came from the legacy system with all its rows and was migrated,
 * `user_11` is new and empty.
 */
export const hostApiTest = databaseTest.extend("api", async ({ db }, { onCleanup }) => {
  await loadLegacyShared(db);
  await loadLegacyTemplate(db);
  await loadLegacyTenant(db, "a", "user_10", 10, { data: true });
  for (const migration of Object.values(sharedMigrations)) await migration.up(db.withSchema("public"));
  for (const migration of Object.values(migrations)) await migration.up(db.withSchema("user_10"));
  await createTenantTables(db, "user_11");
  const api = await startHostApi(db);
  onCleanup(() => api.close());
  return api;
});

async function startHostApi(db: Kysely<any>): Promise<RunningHostApi> {
  const errors: unknown[] = [];
  const app = createHostApi({
    db,
    authenticate: authenticateByToken({
      legacy: { userId: 10, tenantSchema: "user_10" },
      fresh: { userId: 2, tenantSchema: "user_11" },
      gone: { userId: 3, tenantSchema: "user_404" },
    }),
    maxBodyBytes: 16_384,
    logError: (error) => errors.push(error),
  });
  const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 });
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    errors,
    client: (token) => hc<HostApi>(url, { headers: { authorization: `Bearer ${token}` } }),
    request: (path, init) =>
      fetch(url + path, { ...init, headers: { authorization: "Bearer legacy", ...(init?.headers as {} | undefined) } }),
    close: async () => {
      server.close();
      if ("closeAllConnections" in server) server.closeAllConnections();
      await once(server, "close");
    },
  };
}
