import 'server-only';
import type { Execution } from '../../execute/execution';
import type { Round } from '../../execute/round';
import type { StoredChange } from '../../stored';
import type { RestoreData } from '../contract';

export function restoreRound(_run: Execution, _change: StoredChange, { name }: RestoreData): Promise<Round> {
  throw new Error(`${name} cannot be restored yet.`);
}
