/** Limits of one server; the defaults are those of Loki 3.7 (limits_config), except the ingestion rate. */
export type Limits = {
  maxEntries: number;
  maxSeries: number;
  maxPoints: number;
  maxQueryLengthMs: number;
  maxLineBytes: number;
  maxLabelNames: number;
  /** Bytes a second with a burst of as much; null switches the limit off. */
  ingestionBytesPerSecond: number | null;
  rejectOlderMs: number;
  creationGraceMs: number;
  /** How far an entry may lie behind the newest of its stream (half of max_chunk_age). */
  maxBehindMs: number;
  maxTails: number;
  tailMaxMs: number;
  maxBodyBytes: number;
};

const hour = 3_600_000;

export const defaultLimits: Limits = {
  maxEntries: 5000,
  maxSeries: 500,
  maxPoints: 11_000,
  maxQueryLengthMs: 721 * hour,
  maxLineBytes: 262_144,
  maxLabelNames: 15,
  ingestionBytesPerSecond: null,
  rejectOlderMs: 7 * 24 * hour,
  creationGraceMs: 600_000,
  maxBehindMs: hour,
  maxTails: 10,
  tailMaxMs: hour,
  maxBodyBytes: 20 * 1024 * 1024,
};
