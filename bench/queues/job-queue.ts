import type { Contender } from "../interleave.js";

export const WORKERS = 8;

export interface QueueLoad {
  readonly jobs: number;
  /** How many jobs a worker takes at a time. */
  readonly atATime: number;
  /** How many times as many it has asked for already while it works. */
  readonly ahead: number;
}

/** A queue in a database of its own, and what it is measured by. */
export interface JobQueue<Load extends QueueLoad = QueueLoad> {
  contender(load: Load): Contender;
  close(): Promise<void>;
}

/** What every job carries. */
export function jobData(index: number): { productId: number; title: string; price: number } {
  return { productId: index + 1, title: "a blue coat", price: 12.5 };
}
