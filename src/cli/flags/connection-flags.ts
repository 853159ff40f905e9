import { Option } from "commander";
import type { FlagGroup } from "./flag-group.js";
import { eachOf } from "./flag-values.js";

export interface ConnectionFlags {
  readonly databaseUrl?: readonly string[] | undefined;
}

export const connectionFlags: FlagGroup = {
  heading: "Connection:",
  options: () => [
    new Option(
      "--database-url <url>",
      "the database: postgres://user:password@host:port/database; once for each server when there are several " +
        "(default: DATABASE_URL, else PGHOST, PGPORT, PGDATABASE, PGUSER, PGPASSWORD, PGSSLMODE)",
    ).argParser(eachOf),
  ],
};
