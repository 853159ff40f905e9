/** What a driver's error says, whichever driver it is. */
export interface SqlError {
  readonly sqlState: string | undefined;
  readonly message: string;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
  /** The connection is gone, or was never made: whether a COMMIT on its way took effect is not known. */
  readonly isConnectionLost: boolean;
  /** The server ended the session with this error: there is no transaction left to be rolled back. */
  readonly isSessionEnded: boolean;
  /** Somebody cancelled the statement; one that ran too long has the same SQLSTATE. */
  readonly isCancelled: boolean;
}

/** Admin shutdown, crash shutdown, starting up, database dropped; too many connections; any connection exception. */
const CONNECTION_SQL_STATE = /^(08...|57P0.|53300)$/;

/** A transaction that was idle too long, or took too long: the session ends, and the server is as well as before. */
const SESSION_TIMEOUT_SQL_STATE = /^25P0[34]$/;

/** How the drivers for Node put it when there is no SQLSTATE, because no server answered. */
const CONNECTION_MESSAGE =
  /connection (terminated|error|closed|ended|timeout)|not queryable|timeout exceeded when trying to connect|socket|ECONN|EPIPE|ETIMEDOUT/i;
const CONNECTION_CODE = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|CONNECT(ION)?_)/;

/** The one thing that tells a statement that ran too long from one that was cancelled; as a server in English says it. */
const STATEMENT_TIMEOUT_MESSAGE = /timeout/i;

export function readSqlError(error: unknown): SqlError {
  const { code, message, detail, hint } = (typeof error === "object" && error !== null ? error : {}) as Record<
    string,
    unknown
  >;
  const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);
  const codeText = text(code);
  // Node's own codes have no digit (EPIPE has five letters like a SQLSTATE), every SQLSTATE has one.
  const sqlState = codeText !== undefined && /^(?=.*\d)[0-9A-Z]{5}$/.test(codeText) ? codeText : undefined;
  const said = text(message) ?? codeText ?? String(error);
  const isConnectionLost =
    sqlState === undefined
      ? CONNECTION_CODE.test(codeText ?? "") || CONNECTION_MESSAGE.test(said)
      : CONNECTION_SQL_STATE.test(sqlState);
  return {
    sqlState,
    message: said,
    detail: text(detail),
    hint: text(hint),
    isConnectionLost,
    isSessionEnded: isConnectionLost || SESSION_TIMEOUT_SQL_STATE.test(sqlState ?? ""),
    isCancelled: sqlState === "57014" && !STATEMENT_TIMEOUT_MESSAGE.test(said),
  };
}
