import { type Measured as MeasuredOf, sheetOf } from '../report/sheet';

/** Every figure of copies, in the order of the table. A GB is one of the database, 10^9 bytes. */
export const backupSheet = sheetOf({
  dump_mb_per_s_ratio: {
    unit: 'ratio',
    goal: { atMost: 1.15 },
    what: 'MB/s of pg_dump alone over MB/s of a whole copy: catalog, SHA-256, marker, row; best of 3 each, in turns',
  },
  restore_ratio: {
    unit: 'ratio',
    goal: { atMost: 1.15 },
    what: 'restore into a scratch database, made and dropped, over pg_restore alone; best of 3 each, in turns',
  },
  verify_l3_s_per_gb: { unit: 's/GB', goal: null, what: 'level 3: every block read and unpacked' },
  restore_s_per_gb: {
    unit: 's/GB',
    goal: null,
    what: 'level 4: restored, rows counted, constraints, pg_amcheck',
  },
  bare_dump_s_per_gb: { unit: 's/GB', goal: null, what: 'pg_dump alone, custom format' },
  bare_restore_s_per_gb: { unit: 's/GB', goal: null, what: 'createdb and pg_restore alone' },
  retention_10y_ms: {
    unit: 'ms',
    goal: { atMost: 100 },
    what: 'which of ten years of hourly copies stay; the slowest of 5, the first among them',
  },
});

export type FigureName = (typeof backupSheet.names)[number];
export type Measured = MeasuredOf<FigureName>;
