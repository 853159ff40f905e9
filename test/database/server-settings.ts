/**
 * Settings of the servers that the tests start themselves. Durability stays on: crash tests need the real thing, and
 * on two cores the suite is bound by the processor, not by the disk.
 */
export const TEST_SERVER_SETTINGS: readonly string[] = [
  // Every test file has pools of its own, and some tests run two syncs with several workers each.
  "max_connections=200",
  // Dates in reports and statistics must not depend on where the tests run.
  "timezone=UTC",
  // Databases come and go by the hundred; one checkpoint for all of them is enough.
  "max_wal_size=4GB",
  "checkpoint_timeout=30min",
];
