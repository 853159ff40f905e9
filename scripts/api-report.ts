/**
 * Compares the public surface of each entry with its report in `etc/`, so that no change of it goes unseen in a review.
 * With `--update`, writes the reports instead. Reads what `npm run build` made.
 */
import { Extractor, ExtractorConfig } from "@microsoft/api-extractor";
import type { IConfigFile } from "@microsoft/api-extractor";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const ENTRIES = ["index", "migrations", "contract"];

const { values: options } = parseArgs({ options: { update: { type: "boolean", default: false } } });
const projectFolder = fileURLToPath(new URL("..", import.meta.url));

const changed = ENTRIES.filter((entry) => !reportAgrees(entry));
if (changed.length > 0) {
  console.error(
    `The public surface of ${changed.join(", ")} is not what etc/ says (compare with temp/): npm run api:update, and commit it.`,
  );
  process.exitCode = 1;
}

function reportAgrees(entry: string): boolean {
  const configObject = {
    projectFolder,
    mainEntryPointFilePath: `<projectFolder>/dist/${entry}.d.ts`,
    compiler: { tsconfigFilePath: "<projectFolder>/tsconfig.api-report.json" },
    apiReport: {
      enabled: true,
      reportFileName: `${entry}.api.md`,
      reportFolder: "<projectFolder>/etc/",
      reportTempFolder: "<projectFolder>/temp/",
    },
    docModel: { enabled: false },
    dtsRollup: { enabled: false },
    tsdocMetadata: { enabled: false },
    messages: {
      compilerMessageReporting: { default: { logLevel: "error" as const } },
      extractorMessageReporting: {
        default: { logLevel: "error" as const },
        // What is exported is public; there is no second level.
        "ae-missing-release-tag": { logLevel: "none" as const },
        // What a signature names, a host must be able to name.
        "ae-forgotten-export": { logLevel: "error" as const },
        // The report itself marks what has no comment.
        "ae-undocumented": { logLevel: "none" as const },
        "ae-unresolved-link": { logLevel: "none" as const },
      },
      tsdocMessageReporting: { default: { logLevel: "none" as const } },
    },
  } as unknown as IConfigFile;
  const extractorConfig = ExtractorConfig.prepare({
    configObject,
    configObjectFullPath: undefined,
    packageJsonFullPath: `${projectFolder}package.json`,
  });
  const result = Extractor.invoke(extractorConfig, {
    localBuild: options.update,
    messageCallback: (message) => {
      // Whether a report has changed is decided below.
      if (message.messageId === "console-api-report-not-copied") {
        message.handled = true;
      }
      // The compiler that reads the declarations is older than the one that checks them, on purpose.
      if (message.messageId === "console-preamble" || message.messageId === "console-compiler-version-notice") {
        message.handled = true;
      }
    },
  });
  return result.errorCount === 0 && (options.update || surfaceOf("etc", entry) === surfaceOf("temp", entry));
}

/**
 * A report with the members of each enumeration in one order: the compiler prints them in the order in which it first
 * met their names anywhere in the program, which is not the same in every checkout.
 */
function surfaceOf(folder: string, entry: string): string {
  const report = readFileSync(`${projectFolder}${folder}/${entry}.api.md`, "utf8").replaceAll("\r\n", "\n");
  return report.replaceAll(/(?:^ *("?)([\w-]+)\1: "\2";\n)+/gm, (members) => members.split("\n").toSorted().join("\n"));
}
