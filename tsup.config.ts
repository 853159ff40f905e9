import { isBuiltin } from "node:module";
import { type Options, defineConfig } from "tsup";
import { thirdPartyNotices } from "./scripts/third-party-notices.js";

type Plugin = NonNullable<Options["esbuildPlugins"]>[number];

const libraryEntries = {
  index: "src/index.ts",
  migrations: "migrations/index.ts",
  contract: "src/contract/index.ts",
};

/**
 * The command line's libraries are CommonJS and require Node's own modules, which an ES module cannot. They are given
 * them by another door instead of by a shim that every entry would carry.
 */
const requireNodeModules: Plugin = {
  name: "require-node-modules",
  setup: (build) => {
    build.onResolve({ filter: /.*/ }, ({ path, kind }) =>
      kind === "require-call" && isBuiltin(path) ? { path, namespace: "node-module" } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: "node-module" }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};

export default defineConfig({
  entry: { ...libraryEntries, cli: "src/cli/main.ts" },
  format: "esm",
  target: "node22",
  platform: "node",
  // Shared chunks keep one copy of every class, so that `instanceof` agrees between the entries.
  splitting: true,
  dts: { entry: libraryEntries },
  sourcemap: false,
  clean: true,
  // "node:crypto" says whose it is; other runtimes know it by this name only.
  removeNodeProtocol: false,
  esbuildPlugins: [requireNodeModules, thirdPartyNotices("dist/THIRD-PARTY-NOTICES.txt")],
});
