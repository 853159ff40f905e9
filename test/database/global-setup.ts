import { randomBytes } from "node:crypto";
import type { TestProject } from "vitest/node";
import { dropDatabasesOfRun } from "./test-database.js";
import { startTestServer } from "./test-server.js";

declare module "vitest" {
  interface ProvidedContext {
    testServer: {
      readonly url: string;
      /** Begins the names of all databases of this run, so that several runs can share a server. */
      readonly databasePrefix: string;
    };
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startTestServer();
  const databasePrefix = `marketplace_jobs_test_${randomBytes(4).toString("hex")}_`;
  project.provide("testServer", { url: server.url, databasePrefix });
  return async () => {
    try {
      await dropDatabasesOfRun(server.url, databasePrefix);
    } finally {
      await server.stop();
    }
  };
}
