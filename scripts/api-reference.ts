/**
 * Writes the API reference from the doc comments into `docs/api/`. With `--check`, writes nothing and fails when what is
 * there is not what would be written.
 */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Application, type TypeDocOptions } from "typedoc";
import type { PluginOptions } from "typedoc-plugin-markdown";

/** The entries of the package, by the names under which they are imported. */
const ENTRIES: Readonly<Record<string, string>> = {
  "marketplace-jobs": "src/index.ts",
  "marketplace-jobs/migrations": "migrations/index.ts",
  "marketplace-jobs/contract": "src/contract/index.ts",
};

const repository = fileURLToPath(new URL("..", import.meta.url));
const reference = join(repository, "docs/api");

const { values: options } = parseArgs({ options: { check: { type: "boolean", default: false } } });

if (options.check) {
  const folder = await mkdtemp(join(tmpdir(), "marketplace-jobs-api-"));
  try {
    await write(folder);
    if (JSON.stringify(await pagesOf(folder)) !== JSON.stringify(await pagesOf(reference))) {
      console.error("docs/api/ is not what the doc comments say: npm run docs:api, and commit it.");
      process.exitCode = 1;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
} else {
  await write(reference);
}

async function write(folder: string): Promise<void> {
  const settings: TypeDocOptions & PluginOptions = {
    entryPoints: Object.values(ENTRIES).map((file) => join(repository, file)),
    tsconfig: join(repository, "tsconfig.json"),
    plugin: ["typedoc-plugin-markdown"],
    readme: "none",
    name: "API reference",
    // Where a thing is written is nothing to a reader, and would change the reference with every edit.
    disableSources: true,
    excludeExternals: true,
    excludePrivate: true,
    excludeProtected: true,
    sort: ["alphabetical"],
    outputs: [{ name: "markdown", path: folder }],
    router: "module",
    entryFileName: "README",
    hidePageHeader: true,
    hideBreadcrumbs: true,
    parametersFormat: "table",
    interfacePropertiesFormat: "table",
    typeDeclarationFormat: "table",
    classPropertiesFormat: "table",
    expandObjects: false,
    useCodeBlocks: true,
    skipErrorChecking: true,
    logLevel: "Warn",
  };
  const application = await Application.bootstrapWithPlugins(settings);
  const project = await application.convert();
  if (project === undefined) throw new Error("The sources could not be read.");
  const names = new Map(Object.entries(ENTRIES).map(([name, file]) => [file.replace(/\.ts$/, ""), name]));
  for (const module of project.children ?? []) {
    module.name = names.get(module.name) ?? names.get(`${module.name}/index`) ?? module.name;
  }
  await application.generateOutputs(project);
  for (const [page, text] of await pagesOf(folder)) assertResultsAreNamed(page, text);
}

/** An alias of what a schema gives is printed as `object`; a named interface as itself, with its fields. */
function assertResultsAreNamed(page: string, text: string): void {
  const nameless = text.match(/^.*\): (?:Promise<)?object\b.*$/gm) ?? [];
  if (nameless.length === 0) return;
  throw new Error(`${page} does not say what these give, make it an interface:\n${nameless.join("\n")}`);
}

async function pagesOf(folder: string): Promise<readonly (readonly [string, string])[]> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith(".md")).toSorted();
  return Promise.all(files.map(async (file) => [file, await readFile(join(folder, file), "utf8")] as const));
}
