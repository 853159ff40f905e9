import type { SyncEvent } from "./sync-event.js";

export type Emit = (event: SyncEvent) => void;

/**
 * Tells the listener. One that throws is told nothing more: a broken progress bar must not stop a migration, nor be
 * called ten thousand times to break again.
 */
export function createEmit(listener: Emit | undefined): Emit {
  let hears = listener;
  return (event) => {
    try {
      const answer: unknown = hears?.(event);
      // An async listener rejects later, and nobody else would catch it.
      if (answer instanceof Promise) answer.catch(() => (hears = undefined));
    } catch {
      hears = undefined;
    }
  };
}
