import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rename, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Folders whose node_modules hold the packed package and its peers, by the Kysely they have. */
    consumers: { readonly kysely029: string; readonly kysely028: string };
  }
}

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));

/** What a host installs beside the package: its peers, and what their declarations need. */
const INSTALLED = ["@types/node", "@types/pg", "pg", "zod"];

const run = promisify(execFile);

/** Packs the package as it would be published and puts it into consumers, offline: their peers are the repository's. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "marketplace-jobs-package-"));
  await run("npm", ["pack", "--pack-destination", folder], { cwd: REPOSITORY, shell: process.platform === "win32" });
  const tarball = (await readdir(folder)).find((file) => file.endsWith(".tgz"));
  if (tarball === undefined) {
    throw new Error("npm pack wrote no tarball.");
  }
  project.provide("consumers", {
    kysely029: await consumer(folder, tarball, "kysely"),
    kysely028: await consumer(folder, tarball, "kysely-0.28"),
  });
  return () => rm(folder, { recursive: true, force: true });
}

async function consumer(folder: string, tarball: string, kysely: string): Promise<string> {
  const root = join(folder, `with-${kysely}`);
  const modules = join(root, "node_modules");
  await mkdir(modules, { recursive: true });
  await run("tar", ["-xzf", join(folder, tarball), "-C", root]);
  await rename(join(root, "package"), join(modules, "marketplace-jobs"));
  for (const name of INSTALLED) {
    await link(name, join(modules, name));
  }
  await link(kysely, join(modules, "kysely"));
  return root;
}

async function link(installed: string, place: string): Promise<void> {
  await mkdir(dirname(place), { recursive: true });
  await symlink(join(REPOSITORY, "node_modules", installed), place, "junction");
}
