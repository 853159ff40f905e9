import { DEFAULT_CONCURRENCY } from "../sync/sync-defaults.js";
import { DatabaseConnections } from "./connection/database-connections.js";
import { type ExitCode, exitCodes } from "./exit-codes.js";
import type { ConnectionFlags } from "./flags/connection-flags.js";
import type { OutputFlags } from "./flags/output-flags.js";
import { Interruption } from "./interruption.js";
import type { Talk } from "./output/talk.js";
import type { Session } from "./session.js";

/** What every command has. */
export interface CommonFlags extends ConnectionFlags, OutputFlags {
  readonly concurrency?: number | undefined;
}

interface RunCommandParams {
  readonly flags: CommonFlags;
  readonly talk: Talk;
  /** Whether the first Ctrl-C lets what runs come to its end; a command that only looks is ended at once. */
  readonly finishesFirst: boolean;
  readonly work: (session: Session) => Promise<ExitCode>;
}

/** Connects, works, and closes what it opened. */
export async function runCommand({ flags, talk, finishesFirst, work }: RunCommandParams): Promise<ExitCode> {
  const connections = await DatabaseConnections.open({
    urls: flags.databaseUrl,
    environment: process.env,
    concurrency: flags.concurrency ?? DEFAULT_CONCURRENCY,
    talk,
  });
  const interruption = new Interruption({ talk, finishesFirst, cancel: () => connections.cancelStatements() });
  try {
    return await work({ connections, interruption, talk });
  } catch (error) {
    if (!interruption.hasHappened) throw error;
    // What a cancelled statement says is no news to whoever cancelled it.
    talk.insist("Interrupted before there was anything to report.");
    return exitCodes.interrupted;
  } finally {
    interruption.stopListening();
    await connections.close();
  }
}
