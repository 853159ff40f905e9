/** The application on a PostgreSQL of its own: `npm run example:host-api`. Ends with Ctrl-C and leaves nothing behind. */
import { once } from "node:events";
import { serve } from "@hono/node-server";
import { Kysely, PostgresDialect } from "kysely";
import { createTenantSchema, syncTenantSchemas } from "marketplace-jobs";
import pg from "pg";
import { startEmbeddedServer } from "../../test/database/embedded-server.js";
import { authenticateByToken } from "./authentication.js";
import { createHostApi, type HostTables } from "./host-api.js";

const customers = {
  "token-of-anna": { userId: 1, tenantSchema: "user_1" },
  "token-of-ben": { userId: 2, tenantSchema: "user_2" },
};

const postgres = await startEmbeddedServer({ version: "18" });
const pool = new pg.Pool({ connectionString: postgres.url });
// A connection that breaks, idle or in use, would otherwise end the service. One in use fails its request.
pool.on("error", (error) => console.error(error));
pool.on("connect", (client) => client.on("error", () => {}));
const db = new Kysely<HostTables>({ dialect: new PostgresDialect({ pool }) });

await syncTenantSchemas(db);
for (const { tenantSchema } of Object.values(customers)) await createTenantSchema(db, tenantSchema);

const app = createHostApi({
  db,
  authenticate: authenticateByToken(customers),
  logError: (error) => console.error(error),
});
const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: Number(process.env["PORT"] ?? 3000) });
await once(server, "listening");
const address = server.address();
const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : address}`;
console.log(`Serving two customers on ${url}; try, in another terminal:

  curl -s -H 'authorization: Bearer token-of-anna' -H 'content-type: application/json' \\
    -d '{ "action_code": "publish", "product_ids": [17, 18, 19], "batch_id": "first" }' ${url}/api/vinted/jobs/batch
  curl -s -H 'authorization: Bearer token-of-anna' ${url}/api/batches/first
  curl -s -H 'authorization: Bearer token-of-ben'  ${url}/api/batches/first
`);

await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
server.close();
await once(server, "close");
await db.destroy();
await postgres.stop();
