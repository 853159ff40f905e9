import { randomUUID } from "node:crypto";
import { open, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { printable } from "../../report/printable.js";
import { CommandFailure } from "../command-failure.js";
import { type ExitCode, exitCodes } from "../exit-codes.js";
import { reasonOf } from "./file-trouble.js";
import type { Talk } from "./talk.js";
import { withoutCredentials } from "./without-credentials.js";

/** The file that `--report` names. It appears whole or not at all, and what was there before stays until then. */
export class ReportPage {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /**
   * Tries whether the page could be written, so that nobody learns it after a run of hours; nor ever, that it took the
   * place of the host's migrations.
   */
  static async at(path: string | undefined, migrations?: string): Promise<ReportPage | undefined> {
    if (path === undefined) return undefined;
    try {
      const target = await targetOf(path);
      if (migrations !== undefined && target === (await targetOf(migrations))) {
        throw refusal(path, "is the file of --migrations.");
      }
      const page = new ReportPage(target);
      const trial = page.#temporaryPath();
      await (await open(trial, "wx")).close();
      await rm(trial);
      return page;
    } catch (error) {
      if (error instanceof CommandFailure) throw error;
      throw refusal(path, `cannot be written: ${reasonOf(error)}`, error);
    }
  }

  /** Writes the page and says where it is; gives the exit code that is deserved then. */
  async write(
    html: string,
    { talk, exitCode }: { readonly talk: Talk; readonly exitCode: ExitCode },
  ): Promise<ExitCode> {
    const temporary = this.#temporaryPath();
    try {
      await writeFile(temporary, withoutCredentials(html), { flag: "wx" });
      await rename(temporary, this.#path);
      talk.say(`report: ${printable(this.#path)}`);
      return exitCode;
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {});
      talk.insist(`${talk.palette.bad("error:")} the report could not be written: ${printable(reasonOf(error))}`);
      return exitCode === exitCodes.interrupted ? exitCode : exitCodes.failed;
    }
  }

  /** In the same folder, because a file is renamed at one stroke only within a file system. */
  #temporaryPath(): string {
    return `${this.#path}.${randomUUID().slice(0, 8)}.tmp`;
  }
}

/** Where the file really is: a link stays a link, and a device or a folder is never replaced. */
async function targetOf(path: string): Promise<string> {
  if (basename(path) === "") throw refusal(path, "names no file.");
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return resolve(path);
  if (found.isDirectory()) throw refusal(path, "is a folder; name a file in it.");
  if (!found.isFile()) throw refusal(path, "is no regular file.");
  return await realpath(path);
}

function refusal(path: string, what: string, cause?: unknown): CommandFailure {
  return new CommandFailure({ message: `--report ${JSON.stringify(path)} ${what}`, exitCode: exitCodes.usage, cause });
}
