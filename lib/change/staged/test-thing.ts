import type { Fields, PlannedObject } from './contract';
import type { JobFact, ObjectFact, WriteFact } from './facts';
import { rolloutOf } from './test-plan';

/** One object of a world in memory. */
export type Thing = {
  object: PlannedObject;
  live: Fields;
  writer: string | null;
  keeper: string | null;
  gone: boolean;
  ready: number;
  writes: WriteFact[];
};

/** What is seen of it; `unseen`: its cluster does not answer. */
export const factOf = (thing: Thing, unseen: boolean): ObjectFact => ({
  object: thing.object,
  live: thing.gone || unseen ? null : thing.live,
  gone: thing.gone,
  fence: null,
  writer: thing.writer,
  keeper: thing.keeper,
  rollout: thing.object.kind === 'Deployment' && !unseen && !thing.gone ? rolloutOf(thing) : null,
  endpoints: null,
  writes: thing.writes,
  touched: thing.writes.length > 0,
  unseen: false,
});

/** A Job of ours as the API server has it. */
export const ourJob = (phase: NonNullable<JobFact['seen']>['phase'], detail = ''): JobFact['seen'] => ({
  ours: true,
  owner: 'us',
  phase,
  detail,
});

/** Neither made nor seen. */
export const newJob: JobFact = {
  created: false,
  releasedAtMs: null,
  announced: false,
  late: false,
  seen: null,
};
