import { CommandFailure } from "../command-failure.js";
import { exitCodes } from "../exit-codes.js";

/** Where a connection was tried, without what is secret. */
export interface ConnectionPlace {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** Whether one was given, not what it is. */
  readonly hasPassword: boolean;
  /** The flag or variable that says so. */
  readonly source: string;
}

/** One line for a connection that could not be made: what is wrong, and what to do about it. */
export function connectionProblem(error: unknown, place: ConnectionPlace): CommandFailure {
  const { code, message } = firstError(error);
  const server = `${place.host}:${place.port}`;
  const said = sentenceOf(code, message, { ...place, server });
  return new CommandFailure({
    message: code === undefined ? said : `${said} (${code})`,
    exitCode: exitCodes.failed,
    cause: error,
  });
}

function sentenceOf(
  code: string | undefined,
  message: string,
  { server, host, database, user, hasPassword, source }: ConnectionPlace & { readonly server: string },
): string {
  switch (code) {
    case "ECONNREFUSED":
    case "ENOENT":
      return `No PostgreSQL answers at ${server}: start it, or correct ${source}.`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `There is no host ${host}: correct ${source}.`;
    case "ETIMEDOUT":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return `PostgreSQL at ${server} cannot be reached: is it up, and does the network let this machine through?`;
    case "28P01":
      if (!hasPassword) return wantsPassword(server, user, source);
      return `PostgreSQL at ${server} refuses the password of ${user}: correct it in ${source}.`;
    case "28000":
      return `PostgreSQL at ${server} does not let ${user} in: create the role, or allow it in pg_hba.conf, or correct ${source}.`;
    case "3D000":
      return `There is no database ${database} at ${server}: create it, or correct ${source}.`;
    case "53300":
      return `PostgreSQL at ${server} has no connection left for ${user}: end some, or raise the limit, and run again.`;
    case "57P03":
      return `PostgreSQL at ${server} is starting up or shutting down: run again when it is up.`;
    case "42501":
      return `${user} may not connect to ${database} at ${server}: grant connect on the database.`;
    default:
      return sentenceWithoutCode(message, { server, user, source });
  }
}

/** What the driver says itself, it says without a code. */
function sentenceWithoutCode(
  message: string,
  { server, user, source }: { readonly server: string; readonly user: string; readonly source: string },
): string {
  if (/password must be a string|password.*(empty|missing|required)/i.test(message)) {
    return wantsPassword(server, user, source);
  }
  if (/does not support SSL/i.test(message)) {
    return `PostgreSQL at ${server} speaks no TLS: leave sslmode out of ${source}, or turn ssl on in the server.`;
  }
  if (/certificate|self.signed/i.test(message)) {
    return `PostgreSQL at ${server} shows a certificate that is not trusted (${message}): name its authority with sslrootcert.`;
  }
  if (/timeout/i.test(message)) {
    return `PostgreSQL at ${server} does not answer: is it up, and does the network let this machine through?`;
  }
  return `The connection to PostgreSQL at ${server} failed: ${message}`;
}

function wantsPassword(server: string, user: string, source: string): string {
  return `PostgreSQL at ${server} wants a password for ${user}: put it into ${source}, PGPASSWORD or ~/.pgpass.`;
}

/** A host with several addresses fails with an error for each of them. */
function firstError(error: unknown): { readonly code: string | undefined; readonly message: string } {
  if (error instanceof AggregateError && error.errors.length > 0) return firstError(error.errors[0]);
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return {
    code: typeof code === "string" ? code : undefined,
    message: typeof message === "string" ? message : String(error),
  };
}
