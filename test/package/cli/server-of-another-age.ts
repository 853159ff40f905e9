import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";

/**
 * A door to the test server behind which it is as old as wanted: everything passes as it is, but for the version
 * number, which is replaced by another of the same length on its way back.
 */
export async function serverOfAnotherAge(
  url: string,
  version: { readonly number: string },
): Promise<{ readonly url: string; close(): void }> {
  const target = new URL(url);
  const door = createServer((client) => {
    const server = connect(Number(target.port), target.hostname);
    client.pipe(server);
    server.on("data", (chunk) => client.write(aged(chunk, version.number)));
    server.on("close", () => client.destroy());
    for (const socket of [client, server]) socket.on("error", () => socket.destroy());
  });
  door.listen(0, "127.0.0.1");
  await once(door, "listening");
  const address = new URL(url);
  address.port = String((door.address() as AddressInfo).port);
  address.hostname = "127.0.0.1";
  return { url: address.href, close: () => door.close() };
}

/** A column of six bytes that holds a version number, as `server_version_num` comes in a row. */
function aged(chunk: Buffer, number: string): Buffer {
  const text = chunk.toString("latin1").replace(/(?<=\0\0\0.)(1[5-9]|2\d)\d{4}/g, number);
  return Buffer.from(text, "latin1");
}
