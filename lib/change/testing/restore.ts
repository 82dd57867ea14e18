import type { RestoreData } from '../data/contract';

/** A restore as a plan has it; the copy is of 02:10, and the plan of some hours later. */
export const restoreData: RestoreData = {
  do: 'restore',
  database: 'shop-us',
  name: 'Shop, us-east-1',
  serverVersion: '15.18',
  server: '7',
  serverDatabase: 'shop',
  oid: 16_384,
  owner: 'services',
  copy: {
    id: '00000000-0000-4000-8000-000000000000',
    object: 'shop-2026-11-22.dump',
    snapshotAt: '2026-11-22T02:10:00.000Z',
    sha256: 'ab'.repeat(32),
    bytes: 40_802_189,
    databaseBytes: 180_000_000,
    provenAt: '2026-11-22T02:20:00.000Z',
  },
  tool: { name: 'pg_restore', version: '15.18' },
  safetyCopy: true,
  bytes: 190_000_000,
  rows: {
    tables: 14,
    copy: 24_200,
    now: 24_950,
    differing: [
      { table: 'public.orders', copy: 9000, now: 9700 },
      { table: 'public.baskets', copy: 120, now: null },
      { table: 'public.refunds', copy: null, now: 70 },
    ],
    unnamed: 2,
  },
  sessions: 21,
  keepSeconds: 604_800,
};
