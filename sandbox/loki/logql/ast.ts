export type MatchOp = '=' | '!=' | '=~' | '!~';
export type CompareOp = '=' | '!=' | '>' | '>=' | '<' | '<=';

/** `test` takes the value of the label, the empty string when there is none. */
export type Matcher = { name: string; op: MatchOp; value: string; test: (value: string) => boolean };

export type LabelFilter =
  | { kind: 'and' | 'or'; left: LabelFilter; right: LabelFilter }
  | { kind: 'match'; matcher: Matcher }
  | { kind: 'compare'; name: string; op: CompareOp; unit: 'number' | 'duration' | 'bytes'; value: number };

export type Extraction = { name: string; expression: string };

export type Stage =
  | { kind: 'line'; negative: boolean; test: (line: string) => boolean }
  | { kind: 'json'; fields: Extraction[] }
  | { kind: 'logfmt'; fields: Extraction[]; strict: boolean }
  | { kind: 'filter'; filter: LabelFilter }
  | { kind: 'line-format'; template: string }
  | { kind: 'label-format'; changes: { name: string; from: string | null; template: string | null }[] }
  | { kind: 'drop' | 'keep'; labels: { name: string; matcher: Matcher | null }[] }
  | { kind: 'decolorize' };

export type LogQuery = { kind: 'log'; matchers: Matcher[]; stages: Stage[] };

export type Grouping = { without: boolean; labels: string[] };

export const rangeOps = [
  'count_over_time',
  'rate',
  'bytes_over_time',
  'bytes_rate',
  'sum_over_time',
  'avg_over_time',
  'min_over_time',
  'max_over_time',
  'quantile_over_time',
  'first_over_time',
  'last_over_time',
  'absent_over_time',
] as const;
export type RangeOp = (typeof rangeOps)[number];

export const vectorOps = ['sum', 'avg', 'min', 'max', 'count', 'topk', 'bottomk'] as const;
export type VectorOp = (typeof vectorOps)[number];

export type Unwrap = {
  label: string;
  conversion: 'bytes' | 'duration' | 'duration_seconds' | null;
  after: Stage[];
};

export const binaryOps = ['+', '-', '*', '/', '%', '^', '==', '!=', '>', '>=', '<', '<='] as const;
export type BinaryOp = (typeof binaryOps)[number];

/** Durations in nanoseconds. */
export type RangeQuery = {
  kind: 'range';
  op: RangeOp;
  parameter: number | null;
  log: LogQuery;
  rangeNs: number;
  offsetNs: number;
  unwrap: Unwrap | null;
  grouping: Grouping | null;
};

export type MetricQuery =
  | { kind: 'number'; value: number }
  | { kind: 'vector'; value: number }
  | RangeQuery
  | {
      kind: 'aggregate';
      op: VectorOp;
      parameter: number | null;
      inner: MetricQuery;
      grouping: Grouping | null;
    }
  | { kind: 'binary'; op: BinaryOp; bool: boolean; left: MetricQuery; right: MetricQuery };

export type Query = LogQuery | MetricQuery;
