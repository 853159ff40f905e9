import type { ExitCode } from "./exit-codes.js";

interface CommandFailureParams {
  /** What is wrong and what to do about it; one line, no secrets. */
  readonly message: string;
  readonly exitCode: ExitCode;
  readonly cause?: unknown;
}

/** An end of the program that the command line itself has a sentence for. */
export class CommandFailure extends Error {
  readonly exitCode: ExitCode;

  constructor({ message, exitCode, cause }: CommandFailureParams) {
    super(message, { cause });
    this.name = new.target.name;
    this.exitCode = exitCode;
  }
}
