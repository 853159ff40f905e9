import { defineConfig } from "tsup";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    migrations: "migrations/index.ts",
    contract: "src/contract/index.ts",
  },
  format: "esm",
  target: "node22",
  platform: "node",
  // Shared chunks keep one copy of every class, so that `instanceof` agrees between the entries.
  splitting: true,
  dts: true,
  sourcemap: false,
  clean: true,
  // "node:crypto" says whose it is; other runtimes know it by this name only.
  removeNodeProtocol: false,
});
