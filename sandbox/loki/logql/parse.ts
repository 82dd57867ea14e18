import { LokiError } from '../error';
import type { Matcher, MetricQuery, Query } from './ast';
import { logQuery } from './parse-log';
import { metricQuery } from './parse-metric';
import { parseTree } from './tree';

/** Parses any query. Throws LokiError 400: a syntax error in upstream's words, or what is not supported. */
export function parseQuery(text: string): Query {
  const root = parseTree(text).need('Expr');
  const metric = root.child('MetricExpr');
  return metric === null ? logQuery(root.need('LogExpr')) : metricQuery(metric);
}

export const isMetric = (query: Query): query is MetricQuery => query.kind !== 'log';

/** A bare stream selector, as `match[]` and label queries take it; a pipeline behind it is ignored. */
export function parseSelector(text: string): Matcher[] {
  const query = parseQuery(text);
  if (isMetric(query)) throw new LokiError(400, 'only log selector is supported');
  return query.matchers;
}
