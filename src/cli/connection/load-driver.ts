import type pg from "pg";
import { CommandFailure } from "../command-failure.js";
import { exitCodes } from "../exit-codes.js";

/** node-postgres, which a host that uses another driver does not have: it is an optional peer of the package. */
export async function loadDriver(): Promise<typeof pg> {
  try {
    return (await import("pg")).default;
  } catch (error) {
    if ((error as { code?: unknown }).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new CommandFailure({
      message: "The command line connects through node-postgres, which is not installed: npm install pg",
      exitCode: exitCodes.failed,
      cause: error,
    });
  }
}
