/** What the program's exit code tells a pipeline. The numbers are public: a change of one is a breaking change. */
export const exitCodes = {
  /** Done, or nothing was to be done. */
  done: 0,
  /** A tenant failed or drifted, a column is used or was not fully inspected, or the database could not be worked with. */
  failed: 1,
  /** The command line itself is wrong; nothing was run. */
  usage: 2,
  /** Migrations are pending, and `--fail-on-pending` was given. */
  pending: 3,
  /** Interrupted: 128 + SIGINT, as shells have it. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
