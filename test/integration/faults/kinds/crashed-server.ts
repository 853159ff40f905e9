import { setTimeout as wait } from "node:timers/promises";
import { expect } from "vitest";
import { syncTenantSchemas } from "../../../../src/index.js";
import type { EmbeddedServer } from "../../../database/embedded-server.js";
import { hostKysely } from "../../sync/fleet.js";
import type { FaultKind } from "../fault-kind.js";

/** An immediate shutdown under the run, recovery, and the same run goes on. */
export function crashedServer(server: EmbeddedServer, few: number): FaultKind {
  return {
    name: "servers crashed under the run",
    few,
    async strike({ url, options, random }) {
      const host = hostKysely({ connectionString: url });
      let isRunning = false;
      let struck = 0;
      try {
        const run = syncTenantSchemas(host, {
          ...options,
          maxAttempts: 50,
          throwOnFailure: false,
          onEvent: ({ type }) => {
            if (type === "database-surveyed") isRunning = true;
          },
        }).finally(() => (isRunning = false));
        const crash = async (): Promise<void> => {
          await wait(50 + random() * 400);
          if (isRunning) struck = 1;
          await server.crash();
          await wait(random() * 300);
          await server.startAgain();
        };
        const [report] = await Promise.all([run, crash()]);
        expect(report.status, "the run waits for the server and goes on").toBe("ok");
        return struck;
      } finally {
        await host.destroy();
      }
    },
  };
}
