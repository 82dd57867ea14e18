import type { BackupDatabase, Backups, CopyDetail, CopyView } from '@/lib/backup/contract';
import type { DrillList, DrillsView, DrillView } from '@/lib/backup/drill/contract';
import type { RetentionLine, RetentionList, RetentionView } from '@/lib/backup/retention/contract';

const hour = 3_600_000;
const day = 24 * hour;
/** 02:10 of a November night, UTC. */
export const lastNight = Date.parse('2026-11-21T02:10:00Z');
const iso = (ms: number): string => new Date(ms).toISOString();
const idOf = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** The copy of so many nights ago. */
export const copy = (nights: number, more: Partial<CopyView> = {}): CopyView => ({
  id: idOf(nights),
  database: 'architect',
  change: null,
  cause: 'schedule',
  state: 'kept',
  object: `architect-${iso(lastNight - nights * day).slice(0, 10)}.dump`,
  slotAt: iso(lastNight - nights * day - 600_000),
  missedSlots: 0,
  startedAt: iso(lastNight - nights * day - 1000),
  snapshotAt: iso(lastNight - nights * day),
  finishedAt: iso(lastNight - nights * day + 191_000),
  bytes: 40_802_189_312,
  sha256: 'ab'.repeat(32),
  serverVersion: '15.18',
  dumpVersion: '15.18',
  job: null,
  level: 4,
  isSpoilt: false,
  provenAt: iso(lastNight - nights * day + 400_000),
  isUnusualSize: false,
  error: null,
  pins: [],
  deleteAfter: null,
  deletedAt: null,
  ...more,
});

export const database = (more: Partial<BackupDatabase> = {}): BackupDatabase => ({
  id: 'architect',
  name: 'Architect',
  service: 'architect-api',
  environment: 'production',
  region: 'us-east-1',
  tier: 4,
  isBackedUp: true,
  job: null,
  hasScratch: true,
  restoreRefusal: null,
  standstill: null,
  setAside: [],
  schedule: {
    cron: '10 3 * * *',
    timeZone: 'Europe/Berlin',
    words: 'At 03:10, every day (Europe/Berlin)',
    next: [iso(lastNight + day), iso(lastNight + 2 * day), iso(lastNight + 3 * day)],
  },
  recoveryPoint: {
    state: 'within',
    objectiveSeconds: 86_400,
    isOfTier: true,
    ageSeconds: 36_000,
    worstSeconds: 86_700,
    achievableSeconds: 90_000,
    canReach: true,
    sentence: 'The newest good copy is within the objective.',
  },
  lastGood: copy(0),
  lastRun: copy(0),
  running: null,
  missed: null,
  days: Array.from({ length: 35 }, (_, index) => ({
    day: iso(lastNight - (34 - index) * day).slice(0, 10),
    kept: 1,
    failed: 0,
    missed: 0,
    level: 4,
  })),
  copies: [copy(0), copy(1), copy(2)],
  ...more,
});

export const backups = (...databases: BackupDatabase[]): Backups => ({ databases });

export const line = (nights: number, more: Partial<RetentionLine> = {}): RetentionLine => {
  const { id, object } = copy(nights);
  return {
    copy: id,
    object,
    snapshotAt: iso(lastNight - nights * day),
    fate: 'stays',
    isMissing: false,
    rules: ['daily'],
    reason: `daily ${iso(lastNight - nights * day).slice(0, 10)}`,
    deleteAfter: null,
    pins: [],
    ...more,
  };
};

export const view = (more: Partial<RetentionView> = {}): RetentionView => ({
  database: 'architect',
  policy: '7 daily, 4 weekly, 12 monthly, counted apart (Europe/Berlin)',
  graceSeconds: 86_400,
  ageLimitSeconds: 93_600,
  ranAt: iso(lastNight + 9 * hour),
  state: 'done',
  stops: [],
  awaits: [],
  letGo: null,
  unknownFiles: [],
  unknownCount: 0,
  lines: [line(0), line(1), line(2)],
  mayPin: true,
  mayLetGo: true,
  ...more,
});

export const retention = (...databases: RetentionView[]): RetentionList => ({ databases });

export const detail = (nights: number, more: Partial<CopyDetail> = {}): CopyDetail => ({
  ...copy(nights),
  databaseName: 'Architect',
  checks: [
    {
      level: 3,
      result: 'passed',
      at: iso(lastNight - nights * day + 300_000),
      tool: 'pg_restore',
      toolVersion: '15.18',
      sentence: 'Every block was read and unpacked.',
      evidence: [{ what: 'Bytes read', expected: null, found: '40802189312', isRight: null }],
      seconds: 61,
    },
  ],
  log: 'pg_dump: dumping contents of table "public.orders"',
  ...more,
});

export const drill = (more: Partial<DrillView> = {}): DrillView => ({
  id: idOf(900),
  database: 'architect',
  copy: copy(0).id,
  object: copy(0).object,
  snapshotAt: iso(lastNight),
  cause: 'button',
  requestedBy: 'Ana',
  state: 'done',
  phase: null,
  phases: [
    { phase: 'fetch', seconds: 61 },
    { phase: 'create', seconds: 0.4 },
    { phase: 'load', seconds: 190 },
    { phase: 'index', seconds: 75 },
    { phase: 'checks', seconds: 34 },
    { phase: 'drop', seconds: 1.2 },
  ],
  seconds: 360.4,
  bytes: 40_802_189_312,
  requestedAt: iso(lastNight + 8 * hour),
  startedAt: iso(lastNight + 8 * hour + 2000),
  finishedAt: iso(lastNight + 8 * hour + 364_000),
  sentence: 'The restore has the rows, constraints and indexes of the database.',
  isFaultOfCopy: false,
  evidence: [{ what: 'Rows of 4 tables', expected: '24200', found: '24200', isRight: true }],
  ...more,
});

export const drills = (more: Partial<DrillsView> = {}): DrillsView => ({
  database: 'architect',
  recoveryTime: {
    state: 'within',
    objectiveSeconds: 900,
    isOfTier: true,
    seconds: 360.4,
    phases: drill().phases,
    drillAt: drill().finishedAt,
    sentence: 'A restore of the newest copy takes about 6 min.',
  },
  schedule: {
    cron: '0 4 * * 0',
    timeZone: 'Europe/Berlin',
    words: 'At 04:00, only on Sunday (Europe/Berlin)',
    next: [iso(lastNight + day)],
  },
  underWay: null,
  last: drill(),
  lastPassed: drill(),
  choices: [0, 1].map((nights) => ({
    copy: copy(nights).id,
    snapshotAt: iso(lastNight - nights * day),
    bytes: 40_802_189_312,
    level: 4,
  })),
  refusal: null,
  ...more,
});

export const drillList = (mayRehearse: boolean, ...databases: DrillsView[]): DrillList => ({
  databases,
  mayRehearse,
});
