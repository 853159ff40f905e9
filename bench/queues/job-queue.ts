import type { Contender } from "../interleave.js";

export const WORKERS = 8;

export interface QueueLoad {
  readonly jobs: number;
  /** How many jobs a worker takes at a time. */
  readonly atATime: number;
  /** For how many turns it asks beforehand; 0 for a worker that asks when it is done. */
  readonly ahead: number;
}

/** Where a host keeps what a queue that knows no batches does not: in lean tables of its own, or in those of this library. */
export type HostKeeping = "lean tables" | "the same tables";

export interface HostLoad {
  readonly keeping: HostKeeping;
  /** How many jobs belong to each batch. */
  readonly batchSize: number;
}

/** What a peer does beside: nothing, or what a host needs to have batches with it. */
export interface PeerLoad extends QueueLoad {
  readonly host?: HostLoad;
}

/** A queue in a database of its own, and what it is measured by. */
export interface JobQueue<Load extends QueueLoad = QueueLoad> {
  contender(load: Load): Contender;
  close(): Promise<void>;
}

/** The last part of a peer's name: what its host keeps. */
export function hostText({ jobs, host }: PeerLoad): string {
  if (host === undefined) return "";
  const batches = batchesText(jobs, host.batchSize);
  return host.keeping === "lean tables" ? `, with ${batches}` : `, on the same tables, ${batches}`;
}

/** What every job carries. */
export function jobData(index: number): { productId: number; title: string; price: number } {
  return { productId: index + 1, title: "a blue coat", price: 12.5 };
}

/** The last part of a row's name: which batches there are. */
export function batchesText(jobs: number, batchSize: number): string {
  return batchSize === jobs ? "one batch" : `batches of ${batchSize}`;
}
