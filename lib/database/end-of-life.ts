/**
 * The last day on which each major version of PostgreSQL is supported, as data.
 * Source: https://www.postgresql.org/support/versioning/
 */
export const finalReleases: Readonly<Record<number, string>> = {
  10: '2022-11-10',
  11: '2023-11-09',
  12: '2024-11-21',
  13: '2025-11-13',
  14: '2026-11-12',
  15: '2027-11-11',
  16: '2028-11-09',
  17: '2029-11-08',
  18: '2030-11-14',
};
export const finalReleasesSource = 'https://www.postgresql.org/support/versioning/';

/** What the guides ask for (SVC-11); they do not agree. */
export const guideVersions = [
  { guide: '002', major: 10, what: 'SCRAM-SHA-256' },
  { guide: '003', major: 12, what: 'PostgreSQL 12' },
  { guide: '001', major: 14, what: 'PostgreSQL 14.0' },
  { guide: '000', major: 16, what: 'the image of PostgreSQL 16' },
] as const;

/** An upgrade to another major version is a project: so long before the end it is worth a word. */
const noticeDays = 180;

export type Support = {
  state: 'supported' | 'ending' | 'ended' | 'unknown';
  /** ISO date of the final release; null where the table does not know the version. */
  ends: string | null;
};

/** Whether a major version still gets corrections on a day. A version newer than the table is unknown, not ended. */
export function supportOf(major: number, today: Date): Support {
  const ends = finalReleases[major];
  if (ends === undefined) return { state: 'unknown', ends: null };
  const left = (Date.parse(`${ends}T00:00:00Z`) + 86_400_000 - today.getTime()) / 86_400_000;
  return { state: left <= 0 ? 'ended' : left <= noticeDays ? 'ending' : 'supported', ends };
}

export const majorOf = (versionNumber: number): number => Math.floor(versionNumber / 10_000);
