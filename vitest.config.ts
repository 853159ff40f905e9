import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const testDatabase = {
  globalSetup: ["test/database/global-setup.ts"],
  // A test that applies five migrations to several tenants on a busy machine with two cores.
  testTimeout: 60_000,
  hookTimeout: 60_000,
};

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    // Examples import the package by its name; here that means its sources.
    alias: [
      { find: /^marketplace-jobs$/, replacement: source("src/index.ts") },
      { find: /^marketplace-jobs\/migrations$/, replacement: source("migrations/index.ts") },
      { find: /^marketplace-jobs\/contract$/, replacement: source("src/contract/index.ts") },
    ],
  },
  test: {
    // Tests wait for the server more than they compute; above eight, its connections would run short.
    maxWorkers: Math.min(availableParallelism(), 8),
    // The JSON is what .ci/run counts from.
    reporters: ["default", "json"],
    outputFile: { json: ".vitest/results.json" },
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/unit/**/*.test.ts"],
        },
      },
      {
        test: {
          name: "integration",
          include: ["test/integration/**/*.test.ts"],
          ...testDatabase,
        },
      },
      {
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          globalSetup: ["test/browser/browser-setup.ts"],
          // A page of ten thousand cells on a busy machine with two cores.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "types",
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            include: ["test/types/**/*.test-d.ts"],
            tsconfig: "tsconfig.json",
          },
        },
      },
      {
        test: {
          name: "package",
          include: ["test/package/**/*.test.ts"],
          globalSetup: ["test/package/packed-package-setup.ts", "test/database/global-setup.ts"],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
