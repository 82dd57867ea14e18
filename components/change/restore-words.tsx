import { TimeLeft } from '@/components/ui/time-ago';
import type { RestoreView } from '@/lib/change/data/restore/contract';
import type { RestoreStage } from '@/lib/change/data/restore/model';
import type { AbortNow } from './lever-words';

type Now = { sentence: string; note: string; consequence: string; verb: string };

const leaves = 'This continues without you.';

const words: Record<RestoreStage, Now> = {
  before: {
    sentence: 'Abort now: nothing of the database was touched',
    note: `A safety copy that is being made is stopped. ${leaves}`,
    consequence:
      'The database and its sessions are as they were. A safety copy that is being made is stopped, one that is kept stays.',
    verb: 'Abort the restore',
  },
  closed: {
    sentence: 'Abort now: the old database opens again',
    note: `As it was when it was closed; the new one is dropped. ${leaves}`,
    consequence:
      'The old database lets sessions in again, as it was when it was closed: nothing of it is lost. The new one is dropped.',
    verb: 'Abort and open the old database',
  },
  switched: {
    sentence: 'Abort now: switches back to the old database',
    note: `What was written since the switch stays in the restored one, which is kept. ${leaves}`,
    consequence:
      'The names are exchanged again, and the old database is as it was when it was closed. What was written since the switch is not in it: it stays in the restored database, which is kept under another name. Its sessions are ended. A lead looks at it afterwards.',
    verb: 'Abort and switch back',
  },
  opened: {
    sentence: 'The old database is in use again',
    note: leaves,
    consequence: 'It ends by itself.',
    verb: 'Abort',
  },
  'taken-back': {
    sentence: 'Switched back: the old database is in use again',
    note: leaves,
    consequence: 'It ends by itself.',
    verb: 'Abort',
  },
};

/** What Abort does at this moment of a restore. */
export function restoreAbort(title: string, restore: RestoreView | null): AbortNow {
  const { sentence, note, consequence, verb } = words[restore?.stage ?? 'before'];
  if (restore === null || restore.beginsAt === null)
    return { sentence, note, words: { title, consequence, verb } };
  return {
    sentence: (
      <>
        Begins in <TimeLeft at={restore.beginsAt} overdue="a moment" />: until then an abort takes it back
      </>
    ),
    note: 'Nothing has changed. Abort acts at once, without a question.',
    words: { title, consequence, verb: 'Abort before it begins' },
    atOnce: 'Taken back before its first step.',
  };
}
