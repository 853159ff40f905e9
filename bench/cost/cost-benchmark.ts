import type { CostTable } from "../cost-table.js";
import type { SuiteOptions } from "../suites.js";
export async function* benchmarkCost(_: SuiteOptions): AsyncIterable<CostTable> {}
