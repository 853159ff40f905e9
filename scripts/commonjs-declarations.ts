/**
 * Writes every declaration of the build once more for hosts that are CommonJS: the same text, as `.d.cts`. A package
 * with a build for each, as Kysely 0.28 is, declares its classes twice, and such a host's Kysely is another than the one
 * that an ES module's declarations name. The last step of `npm run build`.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const build = new URL("../dist/", import.meta.url);

for (const file of readdirSync(build).filter((name) => name.endsWith(".d.ts"))) {
  const text = readFileSync(new URL(file, build), "utf8").replaceAll(/(from '\.\/[^']+)\.js'/g, "$1.cjs'");
  writeFileSync(new URL(file.replace(/\.d\.ts$/, ".d.cts"), build), text);
}
