import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface CuttingProxy {
  /** The server's URL by way of the proxy. */
  readonly url: string;
  /** Cuts the next connection whose client sends that text: before the server gets it, or before its answer arrives. */
  cutNext(text: string, when: "before" | "after"): void;
  /** Cuts all connections where they stand, and says how many. */
  cutAll(): number;
  stop(): Promise<void>;
}

/** Stands between a client and the server and loses connections at the worst moments. */
export async function startCuttingProxy(serverUrl: string): Promise<CuttingProxy> {
  const target = new URL(serverUrl);
  const sockets = new Set<Socket>();
  let cut: { readonly text: string; readonly when: "before" | "after" } | undefined;
  const server = createServer((client) => {
    const upstream = connect({ host: target.hostname, port: Number(target.port === "" ? 5432 : target.port) });
    let isDoomed = false;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on("data", (data) => {
      const isHit = cut !== undefined && data.includes(cut.text);
      if (isHit && cut?.when === "before") client.destroy();
      else upstream.write(data);
      if (!isHit) return;
      isDoomed = true;
      cut = undefined;
    });
    upstream.on("data", (data) => {
      if (isDoomed) client.destroy();
      else client.write(data);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(serverUrl);
  url.hostname = "127.0.0.1";
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    cutNext(text, when) {
      cut = { text, when };
    },
    cutAll() {
      // Two sockets make one connection.
      const cutSockets = [...sockets];
      for (const socket of cutSockets) socket.destroy();
      return cutSockets.length / 2;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
