import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { serverUser, temporaryFolderFor } from "./server-user.js";

/** A transaction-pooling proxy in front of one database. */
export interface PgBouncer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Fewer than the clients of a test: transactions of different clients take turns on one server connection. */
export const SERVER_CONNECTIONS = 3;

/** Whether this machine has the program; Debian's package is called pgbouncer. */
export function hasPgBouncer(): boolean {
  return spawnSync("pgbouncer", ["--version"], { stdio: "ignore" }).status === 0;
}

export async function startPgBouncer(databaseUrl: string): Promise<PgBouncer> {
  const target = new URL(databaseUrl);
  const user = serverUser();
  const folder = await mkdtemp(join(temporaryFolderFor(user), "marketplace-jobs-pgbouncer-"));
  const configuration = join(folder, "pgbouncer.ini");
  const port = await freePort();
  // A server that trusts needs none, and an empty one is refused.
  const password =
    target.password === "" ? "" : `password='${decodeURIComponent(target.password).replaceAll("'", "''")}'`;
  await writeFile(
    configuration,
    `[databases]
* = host=${target.hostname} port=${target.port || 5432} user=${decodeURIComponent(target.username)} ${password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${SERVER_CONNECTIONS}
max_client_conn = 200
ignore_startup_parameters = extra_float_digits
`,
  );
  if (user !== undefined) {
    await chown(folder, user.uid, user.gid);
    await chown(configuration, user.uid, user.gid);
  }
  const child = spawn("pgbouncer", ["--quiet", configuration], { ...user, stdio: "ignore" });
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${port}`;
  await untilAnswering(url.href);
  return {
    url: url.href,
    async stop() {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

async function untilAnswering(url: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.query("select 1");
      return;
    } catch (error) {
      if (attempt === 100) {
        throw error;
      }
      await wait(50);
    } finally {
      await client.end().catch(() => {});
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
