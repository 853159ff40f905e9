import { connect } from "node:net";
import type pg from "pg";

/** What a protocol 3.0 cancel request holds in the place of a version number. */
const CANCEL_REQUEST_CODE = 80_877_102;

/** How long a request may take before it is given up. */
const CANCEL_TIMEOUT_MS = 2_000;

/** What the server gave a connection to be cancelled by; node-postgres keeps it without declaring it. */
interface CancelKey {
  readonly host: string;
  readonly port: number;
  readonly processID?: unknown;
  readonly secretKey?: unknown;
}

/**
 * Asks the server to cancel what a connection executes, on a connection of its own and without waiting for an effect.
 * The protocol's request, rather than `pg_cancel_backend`, because a pooling proxy passes it on and gives out no real
 * process ids. It is sent unencrypted, as libpq did for decades: the server takes it before it asks for anything.
 */
export async function sendCancelRequest(client: pg.ClientBase): Promise<void> {
  const { host, port, processID, secretKey } = client as unknown as CancelKey;
  if (typeof processID !== "number" || typeof secretKey !== "number") return;
  const request = Buffer.alloc(16);
  request.writeInt32BE(request.length, 0);
  request.writeInt32BE(CANCEL_REQUEST_CODE, 4);
  request.writeInt32BE(processID, 8);
  request.writeInt32BE(secretKey, 12);
  await new Promise<void>((resolve) => {
    const socket = host.startsWith("/") ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
    socket.setTimeout(CANCEL_TIMEOUT_MS, () => socket.destroy());
    // A request that does not arrive is no news: the statement then simply runs on.
    socket.on("error", () => {});
    socket.on("close", () => resolve());
    socket.on("connect", () => socket.end(request));
    socket.resume();
  });
}
