import type { Kysely } from "kysely";
import { databaseTest } from "../../database/fixtures.js";
import { type CuttingProxy, startCuttingProxy } from "./cutting-proxy.js";
import { hostKysely } from "./fleet.js";

/** `remote` is the test's database by way of `proxy`, which loses connections when it is told to. */
export const proxiedTest = databaseTest
  .extend("proxy", async ({ database }, { onCleanup }): Promise<CuttingProxy> => {
    const proxy = await startCuttingProxy(database.url);
    onCleanup(async () => await proxy.stop());
    return proxy;
  })
  .extend("remote", ({ proxy }, { onCleanup }): Kysely<any> => {
    const remote = hostKysely({ connectionString: proxy.url });
    onCleanup(async () => await remote.destroy());
    return remote;
  });
