import { setTimeout as wait } from "node:timers/promises";
import { expect } from "vitest";
import { syncTenantSchemas } from "../../../../src/index.js";
import { startCuttingProxy } from "../../sync/cutting-proxy.js";
import { hostKysely } from "../../sync/fleet.js";
import type { FaultKind } from "../fault-kind.js";
import { strikeWhile } from "../strike-while.js";

/** Not without end, as with sessions. */
const CUT_PER_SCENE = 6;

/** The network goes, and the server does not know: what was sent is executed, and the answer is lost. */
export const cutConnections: FaultKind = {
  name: "connections cut",
  few: 8,
  async strike({ url, options, random }) {
    const proxy = await startCuttingProxy(url);
    const remote = hostKysely({ connectionString: proxy.url });
    const isSurveyed = Promise.withResolvers<void>();
    const cutAll = async (): Promise<number> => {
      // A server that never answered is not waited for, so that the first look is spared.
      await isSurveyed.promise;
      await wait(random() * 100);
      return proxy.cutAll();
    };
    try {
      const run = syncTenantSchemas(remote, {
        ...options,
        maxAttempts: 50,
        throwOnFailure: false,
        onEvent: ({ type }) => {
          if (type === "database-surveyed") isSurveyed.resolve();
        },
      });
      const { result: report, struck } = await strikeWhile(run, cutAll, CUT_PER_SCENE);
      expect(report.status, "whoever loses a connection goes on with another").toBe("ok");
      return struck;
    } finally {
      await remote.destroy();
      await proxy.stop();
    }
  },
};
