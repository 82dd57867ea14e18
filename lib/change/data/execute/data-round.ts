import 'server-only';
import type { Execution } from '../../execute/execution';
import type { Round } from '../../execute/round';
import type { StoredChange } from '../../stored';
import type { Data } from '../contract';
import { backupRound } from './backup-round';
import { endSessionRound } from './end-session-round';
import { restoreRound } from './restore-round';

/** One round of a change that acts on a database. Nothing is kept between rounds. */
export function dataRound(run: Execution, change: StoredChange, data: Data): Promise<Round> {
  switch (data.do) {
    case 'backup':
      return backupRound(run, change, data);
    case 'end-session':
      return endSessionRound(run, change, data);
    case 'restore':
      return restoreRound(run, change, data);
  }
}
