/** Serialization failure, deadlock, lock not available, statement cancelled by a timeout; a server that is full. */
const BUSY_SQL_STATE = /^(40001|40P01|55P03|57014|53...)$/u;

/** Any connection exception; the server shuts down, crashed, starts up, or dropped an idle connection. */
const UNREACHABLE_SQL_STATE = /^(08...|57P0.)$/u;

/** What Node says of a connection that could not be made or broke off. */
const UNREACHABLE_CODE =
  /^(ECONN(REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/u;

const FOREIGN_KEY_VIOLATION = "23503";

/**
 * What a driver's error means for the request, told by its code alone; `undefined` for a fault of the server. A
 * foreign key is the host's own, from a job to its product: the product was deleted while the client looked at it.
 */
export function driverErrorResponse(
  code: unknown,
): { readonly status: 409 | 503; readonly detail: string } | undefined {
  if (typeof code !== "string") return undefined;
  if (BUSY_SQL_STATE.test(code) || UNREACHABLE_SQL_STATE.test(code) || UNREACHABLE_CODE.test(code)) {
    return { status: 503, detail: SERVER_IS_BUSY };
  }
  if (code === FOREIGN_KEY_VIOLATION) {
    return { status: 409, detail: "Something that the request refers to does not exist" };
  }
  return undefined;
}

export const SERVER_IS_BUSY = "The server is busy; try again";
