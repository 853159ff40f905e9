import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "tsup";
import { expect, test } from "vitest";
import { thirdPartyNotices } from "../../../scripts/third-party-notices.js";

test("the licences are written in a checkout that was never built", async () => {
  const folder = await mkdtemp(join(tmpdir(), "marketplace-jobs-build-"));
  try {
    const [outDir, notices] = [join(folder, "dist"), join(folder, "dist", "notices.txt")];
    const entry = { zod: "node_modules/zod/index.js" };
    await build({
      config: false,
      entry,
      outDir,
      format: "esm",
      silent: true,
      noExternal: [/zod/],
      esbuildPlugins: [thirdPartyNotices(notices)],
    });
    expect(await readFile(notices, "utf8")).toMatch(/^zod .* \(MIT\)$/m);
  } finally {
    await rm(folder, { recursive: true });
  }
});
