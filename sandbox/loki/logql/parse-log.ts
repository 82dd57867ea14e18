import { emptySelector } from '../error';
import type { LogQuery, Matcher } from './ast';
import { matcherOf } from './matcher';
import { stages } from './parse-pipeline';
import type { Node } from './tree';

/** Selector and pipeline of a LogExpr or LogRangeExpr node. Throws LokiError 400. */
export function logQuery(node: Node): LogQuery {
  const inner = node.child('LogExpr');
  if (inner !== null) return logQuery(inner);
  const list = node.need('Selector').child('Matchers');
  const matchers = list === null ? [] : list.list('Matchers').map(matcherOf);
  const selective = ({ op, test }: Matcher) => (op === '=' || op === '=~') && !test('');
  if (!matchers.some(selective)) throw emptySelector();
  return { kind: 'log', matchers, stages: node.all('PipelineExpr').flatMap(stages) };
}
