import type { Slo } from '@/lib/config/slo';
import type { Tally } from '../math/counts';
import type { Bounds } from '../math/window';
import type { GroupLabels } from '../model';
import type { Group, Progress } from '../record/store';
import type { Past } from './kept';
import type { Lens, Recorded } from './tallies';

/** What is known about an objective or one of its groups at a moment. Tallies are in seconds (./tallies). */
export type Measured = {
  window: Tally;
  /** The last so many seconds; one of the burn spans. */
  span: (seconds: number) => Tally;
  /** For the forecast of a rolling window and the sparkline; null while the hours of the past are being read. */
  past: () => Past | null;
};

export type MeasuredGroup = { groupId: number; key: string; labels: GroupLabels; measured: Measured };

/** An objective of the configuration with what is recorded of it. */
export type Known = {
  /** Equal stamps mean equal figures. */
  stamp: string;
  slo: Slo;
  /** Null before the recorder has written it down. */
  progress: Progress | null;
  groups: MeasuredGroup[];
  whole: Measured;
  /** The moment the figures stand for, a whole minute: up to there everything was read. */
  to: number;
  bounds: Bounds & { end: number };
  lens: Lens;
  exclusions: { seconds: number; count: number };
};

/** Everything the pages of an environment say about its objectives. */
export type FleetState = {
  environment: string;
  known: Known[];
  /** Groups of all definitions, the edited ones too. */
  groups: Group[];
  /** How far each definition is recorded, the edited ones too. */
  progress: Progress[];
  /** The last hours of the groups of each service's first objective, for its strip. */
  recent: ReadonlyMap<number, Recorded>;
  /** The database's clock when it was read, unix seconds, and ours then: ages go on without a read. */
  at: number;
  readAtMs: number;
  /** Why the newest read brought nothing. */
  failure: string | null;
};
