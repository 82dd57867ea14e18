import type { Data } from '@/lib/change/data/contract';
import type { RestoreView } from '@/lib/change/data/restore/contract';
import type { AbortNow, Words } from './lever-words';
import { restoreAbort } from './restore-words';

export function dataAbort(title: string, data: Data, restore: RestoreView | null): AbortNow {
  if (data.do === 'restore') return restoreAbort(title, restore);
  const isCopy = data.do === 'backup';
  const consequence = isCopy
    ? 'A copy that was not begun is withdrawn, one that is being made is stopped and removed. One that is kept already stays.'
    : 'Nothing more is sent to the server. A session that was told to end ends all the same.';
  return {
    sentence: isCopy
      ? 'Abort now: the copy is withdrawn or stopped'
      : 'Abort now: the session is left alone, where it was not told yet',
    note: 'Nothing that runs is changed. This continues without you.',
    words: { title, consequence, verb: isCopy ? 'Abort the backup' : 'Abort' },
  };
}

type Lever = 'pause' | 'resume' | 'promote' | 'cancel' | 'withdraw' | 'start';

export function dataWords(lever: Lever, title: string): Words {
  const all: Record<Lever, Words> = {
    pause: {
      title: `Pause ${title}`,
      consequence: 'It does not begin until somebody resumes it. What has begun cannot be paused.',
      verb: 'Pause',
    },
    resume: { title: `Resume ${title}`, consequence: 'It begins with the first step.', verb: 'Resume' },
    promote: { title, consequence: 'There is no hold to leave out.', verb: 'Go on' },
    cancel: {
      title: `Cancel ${title}`,
      consequence: 'The request ends; nothing was done.',
      verb: 'Cancel request',
    },
    withdraw: {
      title: 'Take back your sign-off',
      consequence: 'The change waits for a sign-off in your role again.',
      verb: 'Take back',
    },
    start: {
      title: `Start ${title}`,
      consequence: 'A worker checks the plan once more and starts with step 1.',
      verb: 'Start',
    },
  };
  return all[lever];
}
