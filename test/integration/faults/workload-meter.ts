/** What an application went through while its tenants were migrated. */
export class WorkloadMeter {
  operations = 0;
  longestStallMs = 0;
  readonly errors: string[] = [];

  /** Does one thing of the application's; what it throws is an error that a customer would have seen. */
  async measure<Result>(what: string, work: () => Promise<Result>): Promise<Result | undefined> {
    const started = performance.now();
    try {
      return await work();
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      this.errors.push(`${what}: ${code ?? ""} ${message}`);
      return undefined;
    } finally {
      this.operations += 1;
      this.longestStallMs = Math.max(this.longestStallMs, performance.now() - started);
    }
  }

  toString(): string {
    return `${this.operations} operations, ${this.errors.length} errors, longest stall ${Math.round(this.longestStallMs)} ms`;
  }
}
