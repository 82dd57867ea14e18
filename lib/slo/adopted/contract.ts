import * as z from 'zod/mini';
import { Slug } from '@/lib/core/ids';
import { sloWords } from '../math/word';

const At = z.iso.datetime();
const Labels = z.record(z.string(), z.string());

/** A figure of another tool, with the reason where there is none. */
export const AdoptedFigure = z.object({
  value: z.nullable(z.number()),
  why: z.nullable(z.string()).check(z.describe('Why there is no figure; null: there is one')),
});
export type AdoptedFigure = z.infer<typeof AdoptedFigure>;

export const AdoptedPart = z.object({
  labels: Labels,
  ratio: AdoptedFigure.check(z.describe('Failed share of the last 5 minutes, 0-1')),
  burn: AdoptedFigure.check(z.describe('That share over the budget; 1: the budget lasts exactly the window')),
  budgetLeft: AdoptedFigure.check(
    z.describe('Share of the budget left, as the tool has it; may be negative'),
  ),
});
export type AdoptedPart = z.infer<typeof AdoptedPart>;

/** An objective that Sloth or Pyrra records; Signalbox shows what they say and counts nothing itself. */
export const AdoptedRow = z.object({
  id: z.string().check(z.describe('Names it on its page')),
  tool: z.enum(['sloth', 'pyrra']),
  toolName: z.string(),
  name: z.string(),
  service: z.nullable(z.string()),
  labels: Labels,
  objective: z.nullable(z.string()).check(z.describe('Per cent as decimal text')),
  windowSeconds: z.nullable(z.number()),
  windowWords: z.nullable(z.string()),
  method: z.string().check(z.describe('How its figures are made, in words')),
  source: Slug.check(z.describe('The Prometheus that has it')),
  word: z.enum(sloWords),
  sentence: z.string().check(z.describe('Why the word is as it is')),
  worst: AdoptedPart.check(z.describe('The group whose budget is the smallest')),
  groups: z.array(AdoptedPart),
  copies: z.int().check(z.describe('Copies of its rules; of several the worse figures are shown')),
  seenAt: At.check(z.describe('When it was last recorded')),
  notes: z.array(z.string()).check(z.describe('What to know of its figures')),
});
export type AdoptedRow = z.infer<typeof AdoptedRow>;

/** How one Prometheus was read. */
export const AdoptedSource = z.object({
  source: Slug,
  readAt: z.nullable(At),
  problem: z.nullable(z.string()).check(z.describe('Why it is not read now; null: nothing is wrong')),
});
export type AdoptedSource = z.infer<typeof AdoptedSource>;

/** One that the configuration has too: it is counted, and only there shown. */
export const HiddenAdopted = z.object({
  id: z.string(),
  name: z.string(),
  toolName: z.string(),
  source: Slug,
  slo: Slug,
});

/** GET /api/v1/slos/adopted?environment= */
export const AdoptedList = z.object({
  environment: Slug,
  at: At,
  rows: z.array(AdoptedRow),
  hidden: z.array(HiddenAdopted).check(z.describe('Configured under the same name, so left out')),
  sources: z.array(AdoptedSource),
});
export type AdoptedList = z.infer<typeof AdoptedList>;

export const AdoptedRuleView = z.object({
  name: z.string(),
  query: z.string(),
  group: z.string(),
  file: z.string(),
  labels: Labels,
  failure: z.nullable(z.string()),
});

/** GET /api/v1/slos/adopted/{adopted}?environment= */
export const AdoptedPage = z.object({
  environment: Slug,
  at: At,
  row: AdoptedRow,
  source: AdoptedSource,
  firstSeenAt: At,
  configured: z.nullable(Slug).check(z.describe('The objective of the configuration with the same name')),
  rules: z.array(AdoptedRuleView),
  queries: z.array(z.string()).check(z.describe('Where its figures are read')),
  proposal: z.object({
    yaml: z.nullable(z.string()).check(z.describe('For signalbox.yaml; null: it must be written by hand')),
    notes: z.array(z.string()),
  }),
});
export type AdoptedPage = z.infer<typeof AdoptedPage>;
