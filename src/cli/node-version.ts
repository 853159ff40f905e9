/** What to say to somebody whose Node is older than the oldest that the package takes, such as ">=22.12.0". */
export function nodeVersionProblem(running: string, oldest: string): string | undefined {
  const [wanted, has] = [oldest, running].map((text) => text.replace(/^\D+/, ""));
  const isOlder = (wanted ?? "").localeCompare(has ?? "", "en", { numeric: true }) > 0;
  return isOlder
    ? `marketplace-jobs needs Node ${wanted} or newer, and this is ${has}: run it with a newer one.`
    : undefined;
}
