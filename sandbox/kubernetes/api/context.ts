import type { Identity } from '../access/identity';
import type { Attributes, Decision } from '../access/rbac';
import type { ObjectStore } from '../object-store';
import type { JsonObject, KubeObject } from '../store';
import type { WatchHub } from './watch-hub';

/** How long the server takes for things that a real one takes long for; all in milliseconds. */
export type Timing = {
  /** Wait before 504 for a resourceVersion from the future (3 s on a real server). */
  futureResourceVersionMs: number;
  /** Beat of bookmarks on a watch that allows them (about a minute on a real server). */
  bookmarkMs: number;
};

export type LogQuery = {
  namespace: string;
  pod: KubeObject;
  container: string;
  previous: boolean;
  /** Lines from the end; null for all. */
  tailLines: number | null;
  /** Earliest time, milliseconds since the epoch; null for all. */
  sinceMs: number | null;
};

export type LogLine = { atMs: number; text: string };

/** Where pod logs come from: the stored lines, and new ones as they come until `stop` is called. */
export type LogReader = {
  read(query: LogQuery): LogLine[];
  follow?(query: LogQuery, onLine: (line: LogLine) => void): { stop: () => void };
};

/** What every handler works with. */
export type ApiContext = {
  url: () => string;
  store: ObjectStore;
  watches: WatchHub;
  timing: Timing;
  now: () => number;
  authorize: (identity: Identity, attributes: Attributes) => Decision;
  logReader: () => LogReader | null;
  /** What /version says. */
  version: JsonObject;
};
