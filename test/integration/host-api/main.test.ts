import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const repository = fileURLToPath(new URL("../../..", import.meta.url));

test("one command serves two customers on a database of its own, and ends cleanly", async () => {
  const host = spawn(process.execPath, ["--import", "tsx", "examples/host-api/main.ts"], {
    cwd: repository,
    env: { ...process.env, PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(host, "exit");
  try {
    const url = await addressIn(host.stdout);
    const as = (token: string, init?: RequestInit): RequestInit => ({
      ...init,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    });
    const body = JSON.stringify({ action_code: "publish", product_ids: [17, 18, 19], batch_id: "first" });
    const created = await fetch(`${url}/api/vinted/jobs/batch`, as("token-of-anna", { method: "POST", body }));
    expect(created.status).toBe(201);
    const ofAnna = await fetch(`${url}/api/batches/first`, as("token-of-anna"));
    expect(await ofAnna.json()).toMatchObject({ batch_id: "first", total_count: 3 });
    expect((await fetch(`${url}/api/batches/first`, as("token-of-ben"))).status).toBe(404);
  } finally {
    host.kill("SIGINT");
    expect(await exited).toEqual([0, null]);
  }
});

async function addressIn(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface(output)) {
    const url = /^Serving .* on (?<url>http:\S+);/u.exec(line)?.groups?.["url"];
    if (url !== undefined) return url;
  }
  throw new Error("The application ended without serving anything.");
}
