import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));

/** The Node that runs what a host would run: TEST_NODE, seen from the repository, else the one that runs the tests. */
export const nodeOfHosts =
  process.env["TEST_NODE"] === undefined ? process.execPath : resolve(REPOSITORY, process.env["TEST_NODE"]);
