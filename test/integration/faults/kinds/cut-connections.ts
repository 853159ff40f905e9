import { setTimeout as wait } from "node:timers/promises";
import { expect } from "vitest";
import { syncTenantSchemas } from "../../../../src/index.js";
import { startCuttingProxy } from "../../sync/cutting-proxy.js";
import { hostKysely } from "../../sync/fleet.js";
import type { FaultKind } from "../fault-kind.js";

const CUTS_PER_SCENE = 4;

/** The network goes, and the server does not know: what was sent is executed, and the answer is lost. */
export const cutConnections: FaultKind = {
  name: "connections cut",
  few: 8,
  async strike({ url, options, random }) {
    const proxy = await startCuttingProxy(url);
    const remote = hostKysely({ connectionString: proxy.url });
    let isRunning = true;
    let cut = 0;
    try {
      const run = syncTenantSchemas(remote, { ...options, maxAttempts: 50, throwOnFailure: false }).finally(
        () => (isRunning = false),
      );
      const strikes = async (): Promise<void> => {
        // The first look is not waited for, so that it is spared.
        await wait(30);
        for (let time = 0; isRunning && time < CUTS_PER_SCENE; time += 1) {
          await wait(random() * 100);
          if (isRunning) cut += proxy.cutAll();
        }
      };
      const [report] = await Promise.all([run, strikes()]);
      expect(report.status, "whoever loses a connection goes on with another").toBe("ok");
    } finally {
      await remote.destroy();
      await proxy.stop();
    }
    return cut;
  },
};
