import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Options } from "tsup";

type Plugin = NonNullable<Options["esbuildPlugins"]>[number];

/** Licences that ask for no more than their own text beside a copy. */
const NOTICE_IS_ENOUGH = new Set(["0BSD", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"]);

const HEADING = `The command line of this package, dist/cli.js, holds code of the packages below, each under its own licence.`;

/**
 * Writes what the licences of bundled packages ask for, their texts, into a file of the build. Which packages these are
 * the bundler says, so that nobody has to keep a list; one without a licence text, or under a licence that asks for
 * more, fails the build.
 */
export function thirdPartyNotices(file: string): Plugin {
  return {
    name: "third-party-notices",
    setup: (build) => {
      build.initialOptions.metafile = true;
      build.onEnd(({ metafile }) => {
        const inputs = Object.keys(metafile?.inputs ?? {}).filter((input) => input.includes("node_modules/"));
        const folders = new Set(inputs.map((input) => packageFolder(resolve(input))));
        const notices = [...folders].map(noticeOf).toSorted();
        // In a fresh checkout nothing has been written yet.
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, `${[HEADING, ...notices].join(`\n\n${"-".repeat(80)}\n\n`)}\n`);
      });
    },
  };
}

/** The folder of the package to which a file belongs. */
function packageFolder(file: string): string {
  const [, folder] = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)/.exec(file) ?? [];
  return folder ?? dirname(file);
}

function noticeOf(folder: string): string {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<string, string>;
  const { name, version, license } = manifest;
  const text = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (text === undefined || !NOTICE_IS_ENOUGH.has(license ?? "")) {
    throw new Error(`${name} cannot be bundled: its licence is ${license}, and its text ${text ?? "is missing"}.`);
  }
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, text), "utf8").trim()}`;
}
