import type { PoolConfig } from "pg";
import { CommandFailure } from "../command-failure.js";
import { exitCodes } from "../exit-codes.js";

/** One database to connect to, and where the user said so. */
export interface DatabaseTarget {
  readonly config: PoolConfig;
  /** The flag or variable to correct when it is wrong. */
  readonly source: string;
}

/** Any of these says that the PG* variables are meant; without one, a server would be guessed. */
const TELLING_VARIABLES = ["PGHOST", "PGDATABASE", "PGUSER", "PGPORT"];

/** The databases that are meant: those of the flag, else `DATABASE_URL`, else what the PG* variables say. */
export function databaseTargets(
  urls: readonly string[] | undefined,
  environment: NodeJS.ProcessEnv,
): readonly DatabaseTarget[] {
  if (urls !== undefined) return urls.map((url) => targetOf(url, "--database-url"));
  const url = environment["DATABASE_URL"];
  if (url !== undefined && url !== "") return [targetOf(url, "DATABASE_URL")];
  const isTold = TELLING_VARIABLES.some((name) => (environment[name] ?? "") !== "");
  if (isTold) return [{ config: {}, source: "the PG* variables" }];
  throw new CommandFailure({
    message: "No database is named: give --database-url, or set DATABASE_URL, or PGHOST, PGDATABASE and PGUSER.",
    exitCode: exitCodes.usage,
  });
}

function targetOf(url: string, source: string): DatabaseTarget {
  if (!/^postgres(ql)?:\/\//i.test(url) || isCutShort(url)) throw notAUrl(source);
  return { config: { connectionString: url }, source };
}

/**
 * Whether a `/`, `?` or `#` that should have been encoded ends the part with the host, so that a piece of the password
 * would be taken for it, and named in an error.
 */
function isCutShort(url: string): boolean {
  const [, host = "", path = "", query = ""] = /^\w+:\/\/([^/?#]*)([^?]*)(.*)$/s.exec(url) ?? [];
  // An @ or a # in a parameter is none of it: `?user=anna@shop`.
  return /[@#]/.test(path) || /^\?[^=]*#/.test(query) || (!host.includes("@") && /^\?[^=]*@/.test(query));
}

/** What is wrong with it is not quoted: the likeliest mistake is a password that needs encoding. */
export function notAUrl(source: string): CommandFailure {
  return new CommandFailure({
    message:
      `${source} is no connection URL: write postgres://<user>:<password>@<host>:<port>/<database>, ` +
      "and encode what is special in the password (@ as %40, / as %2F, # as %23, ? as %3F).",
    exitCode: exitCodes.usage,
  });
}
