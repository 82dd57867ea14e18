import * as z from 'zod/mini';
import { Slug } from '@/lib/core/ids';
import { readingOf } from '@/lib/core/reading';
import { Point } from '@/lib/service/contract';

const At = z.iso.datetime();
export const levels = ['critical', 'error', 'warn', 'info', 'debug', 'unknown'] as const;
export type Level = (typeof levels)[number];

/** GET /api/v1/logs: either the form's parts or a LogQL text, never both. */
export const LogSearch = z.object({
  environment: z.optional(Slug),
  service: z.optional(Slug),
  region: z.optional(Slug),
  level: z.optional(z.enum(levels)),
  text: z.optional(z.string().check(z.maxLength(500))),
  query: z.optional(z.string().check(z.maxLength(4000))),
  from: z._default(z.string().check(z.maxLength(40)), 'now-1h').check(z.describe('now-15m … or an ISO time')),
  to: z._default(z.string().check(z.maxLength(40)), 'now'),
  direction: z._default(z.enum(['backward', 'forward']), 'backward'),
  limit: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(5000)), 1000),
});
export type LogSearch = z.infer<typeof LogSearch>;

export const LogLine = z.object({
  /** Nanoseconds since 1970 as text: JavaScript numbers cannot hold them. */
  ns: z.string(),
  at: At,
  level: z.enum(levels),
  line: z.string(),
  labels: z.record(z.string(), z.string()),
  /** Fields of a JSON line, as text; empty when the line is not JSON. */
  fields: z.record(z.string(), z.string()),
  message: z.string().check(z.describe('The message field of a JSON line, else the line')),
});
export type LogLine = z.infer<typeof LogLine>;

export const LogResult = z.object({
  query: z.string(),
  from: At,
  to: At,
  lines: readingOf(z.array(LogLine)),
  /** True when the limit cut the answer. */
  limited: z.boolean(),
  /** About how many lines match, when the server could say. */
  about: z.nullable(z.number()),
  /** Lines per level and step. */
  volume: readingOf(z.array(z.object({ level: z.enum(levels), points: z.array(Point) }))),
  stepSeconds: z.number(),
  services: z.array(Slug),
});
export type LogResult = z.infer<typeof LogResult>;
