import type { LogLine, LogResult } from '@/lib/logs/contract';

const start = 1_795_255_200_000;

/** A log line for tests: `n` seconds after 09:20 UTC. */
export function logLine(n: number, part: Partial<LogLine> = {}): LogLine {
  const message = part.message ?? `GET /api/v1/dashboards/${n} 200`;
  return {
    ns: `${BigInt(start + n * 1000) * 1_000_000n}`,
    at: new Date(start + n * 1000).toISOString(),
    level: 'info',
    line: message,
    labels: { service: 'architect-api', environment: 'production', level: 'info' },
    fields: {},
    message,
    ...part,
  };
}

/** An answer for tests. */
export function logResult(lines: LogLine[], part: Partial<LogResult> = {}): LogResult {
  const from = start / 1000 - 3600;
  return {
    query: '{environment="production"}',
    from: new Date(from * 1000).toISOString(),
    to: new Date(start).toISOString(),
    lines: { state: 'fresh', value: lines, observedAt: new Date(start).toISOString() },
    limited: false,
    about: lines.length,
    volume: {
      state: 'fresh',
      observedAt: new Date(start).toISOString(),
      value: [
        { level: 'info', points: Array.from({ length: 60 }, (_, index) => [from + index * 60, 100]) },
        { level: 'warn', points: Array.from({ length: 60 }, (_, index) => [from + index * 60, 8]) },
        {
          level: 'error',
          points: Array.from({ length: 60 }, (_, index) => [from + index * 60, index < 30 ? 2 : 137]),
        },
      ],
    },
    stepSeconds: 60,
    services: ['architect-api', 'fraiseql-api'],
    ...part,
  };
}
