import type { Node, Span } from './promql/tree';
import type { SeriesBook } from './series-book';

/** What a finding means: `error` does not do what it says, `warning` hurts on a bad day, `info` is a convention. */
export const severities = ['error', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];

/** The mistakes that are looked for, by the number of the list of requirements; PROMQL is what cannot be parsed. */
export const findingIds = [
  'PROMQL',
  'X-01',
  'X-02',
  'X-03',
  'X-04',
  'X-05',
  'X-11',
  'X-24',
  'X-32',
  'X-34',
  'X-35',
  'X-36',
  'X-37',
  'X-45',
] as const;
export type FindingId = (typeof findingIds)[number];

/** A place in a file; both count from 1, the column in characters. */
export type Place = { file: string; line: number; column: number };

/** A value of a rule and where it stands. `at` of a text gives the place of one of its characters. */
export type Field = { value: string; place: Place; at: (offset: number) => Place };
export type Entry = { key: string; keyPlace: Place; field: Field };

/** One rule of a file, after the dialect was converted: what the checks look at. */
export type Rule = {
  kind: 'alert' | 'record';
  name: string;
  /** Where its name stands, and where the rule begins. */
  place: Place;
  start: Place;
  expr: Field;
  /** As it is written, such as `5m`; null without one. */
  for: string | null;
  labels: Entry[];
  annotations: Entry[];
  /** What had to be converted before Prometheus could read the rule. */
  converted: Finding | null;
};

/** Text of an expression that takes the place of a piece of it. */
export type Edit = Span & { text: string };

/** Another way to put it right, and when it is the better one. */
export type Alternative = { when: string; edits: Edit[] };

/** What a check found in an expression. */
export type Spot = {
  id: FindingId;
  severity: Severity;
  span: Span;
  /** What is wrong, as a sentence. */
  says: string;
  /** Why that is wrong and what to know about the correction. */
  why: string;
  /** Null where nobody but the author can know the right expression. */
  edits: Edit[] | null;
  alternative?: Alternative;
  /** Labels of the rule that would be right. */
  labels?: Record<string, string>;
};

/** What a check may know besides the expression. */
export type Scope = {
  text: string;
  root: Node;
  rule: Rule;
  series: SeriesBook;
  /** Labels that a sum must keep: `job`, and those that the rule's templates name. */
  keep: (without: readonly string[]) => string[];
};

/** Looks at one expression. */
export type Check = (scope: Scope) => Spot[];

/** What would be right. `expr` is complete; labels and annotations are those that change, null where one goes. */
export type Correction = {
  expr?: string;
  /** The same where another kind of series is kept. */
  alternatives?: { when: string; expr: string }[];
  labels?: Record<string, string>;
  annotations?: Record<string, string | null>;
  /** A whole rule, where the file has none that Prometheus reads. */
  rule?: string;
};

export type Finding = Place & {
  id: FindingId;
  severity: Severity;
  /** Name of the rule; null for what concerns a file or a route. */
  rule: string | null;
  says: string;
  why: string;
  corrected: Correction | null;
};
