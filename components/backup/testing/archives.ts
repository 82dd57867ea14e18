import type { ArchiveDetail, ArchiveSeries, ArchiveView } from '@/lib/archive/contract';
import type { ArchiveKind } from '@/lib/archive/model';

const hour = 3_600_000;
const night = Date.parse('2026-11-21T01:00:00Z');
const iso = (ms: number): string => new Date(ms).toISOString();

/** The archive of so many days ago. */
export const archive = (kind: ArchiveKind, days: number, more: Partial<ArchiveView> = {}): ArchiveView => ({
  id: `00000000-0000-4000-8000-${kind === 'audit' ? '1' : '0'}${String(days).padStart(11, '0')}`,
  kind,
  cause: 'schedule',
  state: 'kept',
  object: `${kind}-${days}.gz`,
  slotAt: iso(night - days * 24 * hour),
  missedSlots: 0,
  startedAt: iso(night - days * 24 * hour),
  finishedAt: iso(night - days * 24 * hour + 1000),
  bytes: 4096,
  sha256: 'ab'.repeat(32),
  entries: kind === 'audit' ? 1204 : 2,
  first: kind === 'audit' ? 100 : null,
  last: kind === 'audit' ? 1303 : null,
  level: 4,
  isSpoilt: false,
  finding: null,
  error: null,
  sameAs: null,
  ...more,
});

export const series = (kind: ArchiveKind, more: Partial<ArchiveSeries> = {}): ArchiveSeries => ({
  kind,
  schedule: {
    cron: kind === 'audit' ? '0 1 * * *' : '0 * * * *',
    timeZone: 'UTC',
    words: kind === 'audit' ? 'At 01:00, every day (UTC)' : 'Every hour (UTC)',
    next: [iso(night + 24 * hour)],
  },
  keeps:
    kind === 'audit'
      ? 'for good: each is a link of one chain'
      : 'until another one has been in its place for 90 d',
  newest: archive(kind, 0),
  confirmedAt: iso(night + 1000),
  lastRun: archive(kind, 0),
  running: null,
  missed: null,
  kept: 2,
  entries: 2408,
  bytes: 8192,
  archives: [archive(kind, 0), archive(kind, 1)],
  ...more,
});

export const archiveDetail = (kind: ArchiveKind): ArchiveDetail => ({
  ...archive(kind, 0),
  program: '0.1.0',
  files:
    kind === 'audit'
      ? []
      : [
          {
            name: 'signalbox.yaml',
            path: '/etc/signalbox/signalbox.yaml',
            bytes: 1,
            sha256: 'cd'.repeat(32),
          },
        ],
  secrets: kind === 'audit' ? [] : ['/etc/signalbox/secrets/shop.url'],
  checks: [
    {
      level: 4,
      result: 'passed',
      at: iso(night + 60_000),
      tool: kind === 'audit' ? 'RFC 6962 tree' : 'signalbox config validate',
      toolVersion: '0.1.0',
      sentence: kind === 'audit' ? 'The hashes lead to the root.' : 'Configuration is valid',
      evidence: [{ what: 'Configuration', expected: 'valid', found: 'valid', isRight: true }],
      seconds: 0.1,
    },
  ],
});
