import 'server-only';
import type { Execution } from '../../execute/execution';
import type { Round } from '../../execute/round';
import type { StoredChange } from '../../stored';
import type { Data } from '../contract';
import { backupRound } from './backup-round';
import { endSessionRound } from './end-session-round';

/** One round of a change that acts on a database. Nothing is kept between rounds. */
export const dataRound = (run: Execution, change: StoredChange, data: Data): Promise<Round> =>
  data.do === 'backup' ? backupRound(run, change, data) : endSessionRound(run, change, data);
