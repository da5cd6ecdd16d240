class snapshot.Snapshot
  /** Reads evidence. What cannot be read is in `skipped`, or in the `lost` of its evidence. */
  static read(evidence: Input | readonly Input[], options?: ReadOptions): Promise<Snapshot>
  /** The people in evidence, one after another. */
  people(): Generator<Person, void, undefined>

class readiness.Report
  /** The report as plain JSON values, for `JSON.stringify`. */
  toJSON(): Record<string, unknown>
