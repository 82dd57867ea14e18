import { changeNumber } from '@/lib/core/ids';
import type { Execution } from '../execute/execution';

type Given = Pick<Execution, 'db' | 'config'> & Partial<Execution>;

/** A worker's run of a change in its first epoch, with a lease that holds; it reaches no cluster unless told so. */
export const executionOf = (id: string, given: Given): Execution => ({
  workerId: 'w',
  cluster: () => {
    throw new Error('No cluster is needed here.');
  },
  number: changeNumber(id),
  epoch: 0,
  lease: { mayAct: () => true },
  signal: new AbortController().signal,
  pause: async () => {},
  reached: async () => {},
  ...given,
});
