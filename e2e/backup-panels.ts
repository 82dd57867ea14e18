import type { Elsewhere, Panel } from './panel-way';

/** The states of the page of backups, for panel-table.ts. */
const inScreen = (why: string, test: string): Elsewhere => ({
  why,
  file: 'components/backup/backups-screen.test.tsx',
  test,
});
const inArchives = (why: string, test: string): Elsewhere => ({
  why,
  file: 'components/backup/archives-part.test.tsx',
  test,
});
const ofDrills = (why: string, test: string): Elsewhere => ({
  why,
  file: 'components/backup/drill-part.test.tsx',
  test,
});
const ofRestores = (why: string, test: string): Elsewhere => ({
  why,
  file: 'components/backup/restore-copy.test.tsx',
  test,
});
const slow = 'it is read twice a minute';

export const backupPanels: Panel[] = [
  {
    panel: 'backups: databases',
    loading: { from: '/approvals', link: 'Backups', hold: 'answers', loading: 'Loading backups' },
    empty: inScreen('signalbox.yaml always names one here', 'says so when no database is named'),
    stale: inScreen(slow, 'keeps what it has read when the next reading fails'),
    error: { before: '/approvals', follow: 'Backups', see: /database does not answer/ },
  },
  {
    panel: 'backups: retention',
    loading: inScreen('it is read with the page', 'shows the databases before retention has answered'),
    empty: inScreen('the worker has looked before', 'says so when no worker has looked at the folder'),
    stale: inScreen(slow, 'keeps what it has read when the next reading fails'),
    error: inScreen(slow, 'says why retention is not known, and shows the databases'),
  },
  {
    panel: 'backups: archives',
    loading: inArchives('it is read with the page', 'says that it is being read'),
    empty: inArchives('signalbox.yaml names a folder here', 'says so when nothing is archived'),
    stale: inArchives(slow, 'keeps what it has read when the next reading fails'),
    error: inArchives('the page of databases has the same fault', 'says why it cannot be read'),
  },
  {
    panel: 'backups: drills',
    loading: ofDrills('it is read with the page', 'shows the databases before drills have answered'),
    empty: ofDrills('a schedule may have begun one', 'is unknown without a drill, never good'),
    stale: ofDrills(slow, 'keeps what it has read when the next reading of drills fails'),
    error: ofDrills(slow, 'says why drills are not known, and shows the databases'),
  },
  {
    panel: 'backups: set aside',
    loading: { with: 'backups: databases' },
    empty: ofRestores('another journey may have restored one', 'is nothing where no restore was'),
    stale: { with: 'backups: databases' },
    error: { with: 'backups: databases' },
  },
];
