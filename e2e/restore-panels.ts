import type { Elsewhere, Panel } from './panel-way';

const plan = 'components/change/restore.test.tsx';
const run = 'components/change/restore-run.test.tsx';
const never = (why: string, test: string, file = plan): Elsewhere => ({ why, file, test });
const beside = 'it is read with the page of backups';

/** Panels of a restore: where it is asked for, and where it runs. */
export const restorePanels: Panel[] = [
  {
    panel: 'plan: copies',
    loading: never(beside, 'says that they are being read, and why they cannot be'),
    empty: never('every copied database has one soon', 'says so when there is none, and when none may be'),
    stale: never(beside, 'keeps the copies that it has read when the next reading fails'),
    error: never(beside, 'says that they are being read, and why they cannot be'),
  },
  {
    panel: 'plan: objectives',
    loading: never(beside, 'warns where no safety copy is made, and says what is not known'),
    empty: never(beside, 'compares itself with the objectives once they were read'),
    stale: { with: 'plan: copies' },
    error: never(beside, 'warns where no safety copy is made, and says what is not known'),
  },
  {
    panel: 'change: restore',
    loading: { with: 'change: change' },
    empty: never(
      'a restore has its databases before it begins',
      'says so while nothing is loaded, and shows the evidence afterwards',
      run,
    ),
    stale: { with: 'change: change' },
    error: { with: 'change: change' },
  },
];
