import * as z from 'zod/mini';
import { Slug } from '@/lib/core/ids';
import { Pin } from '../contract';
import { keptRules } from './model';
import { stopCodes } from './stops';

const At = z.iso.datetime();
const Why = z.string().check(z.trim(), z.minLength(3, 'say why'), z.maxLength(200));

/** `stays`; `leaves`: would be marked; `marked`: its end is set; `ending`: it is being deleted. */
export const copyFates = ['stays', 'leaves', 'marked', 'ending'] as const;
export type CopyFate = (typeof copyFates)[number];

/** What retention says of one copy. */
export const RetentionLine = z.object({
  copy: z.uuid(),
  object: z.string(),
  snapshotAt: At,
  fate: z.enum(copyFates),
  isMissing: z.boolean().check(z.describe('The folder does not have its file or its marker')),
  rules: z.array(z.enum(keptRules)),
  reason: z.string(),
  deleteAfter: z.nullable(At),
  pins: z.array(Pin),
});
export type RetentionLine = z.infer<typeof RetentionLine>;

const LetGo = z.object({ by: z.string(), at: At });

/** What retention would do with the copies of a database, and what its last run did. */
export const RetentionView = z.object({
  database: Slug,
  policy: z.string().check(z.describe('Such as: 7 daily, 4 weekly, 12 monthly, counted apart (UTC)')),
  graceSeconds: z.number(),
  ageLimitSeconds: z.number().check(z.describe('Of the newest verified copy; beyond it nothing is deleted')),
  ranAt: z.nullable(At).check(z.describe('Null: no worker has looked at the folder yet')),
  state: z.nullable(z.enum(['done', 'waits', 'stopped'])),
  stops: z.array(z.object({ code: z.enum(stopCodes), sentence: z.string() })),
  awaits: z.array(z.uuid()).check(z.describe('Copies that go only when a lead lets them; empty otherwise')),
  letGo: z.nullable(LetGo).check(z.describe('Who let them go, until the next run')),
  unknownFiles: z
    .array(z.string())
    .check(z.describe('In the folder and not known; never deleted. 50 at most')),
  unknownCount: z.int(),
  lines: z.array(RetentionLine).check(z.describe('Newest first')),
  mayPin: z.boolean(),
  mayLetGo: z.boolean(),
});
export type RetentionView = z.infer<typeof RetentionView>;

/** GET /api/v1/backups/retention?environment= */
export const RetentionList = z.object({ databases: z.array(RetentionView) });
export type RetentionList = z.infer<typeof RetentionList>;

/** POST /api/v1/backups/copies/{copy}/pins */
export const PinCopy = z.strictObject({ reason: Why });
export type PinCopy = z.infer<typeof PinCopy>;

/** POST /api/v1/backups/copies/{copy}/unpin: `at` says which of the pins. */
export const UnpinCopy = z.strictObject({ at: At, why: Why });
export type UnpinCopy = z.infer<typeof UnpinCopy>;

/** The pins of a copy after the command. */
export const PinnedCopy = z.object({ copy: z.uuid(), pins: z.array(Pin) });
export type PinnedCopy = z.infer<typeof PinnedCopy>;

/** POST /api/v1/backups/retention/{database}/let-go: exactly the copies that were shown. */
export const LetCopiesGo = z.strictObject({
  copies: z.array(z.uuid()).check(z.minLength(1), z.maxLength(5000)),
  why: Why,
});
export type LetCopiesGo = z.infer<typeof LetCopiesGo>;
export const CopiesLetGo = z.object({ database: Slug, copies: z.int() });
