import type { Context } from '../context';
import { type Answer, type Call, json } from '../http';
import { sortedLabels } from '../labels';
import type { Matcher } from '../logql/ast';
import { parseSelector } from '../logql/parse';
import { checkRange, timeRange } from '../params';
import { matches } from '../store/log-store';
import type { LogStream } from '../store/stream';

const defaultMs = 6 * 3_600_000;

function streamsIn(call: Call, context: Context, matchers: readonly Matcher[]): LogStream[] {
  const { startNs, endNs } = timeRange(call.params, context.now(), defaultMs);
  checkRange(startNs, endNs, context.limits);
  return context.store.select(matchers).filter((stream) => stream.hasIn(startNs, endNs + 1n));
}

/** Without a value there is no `data` key at all: upstream's shape of nothing. */
const names = (found: Iterable<string>): Answer => {
  const data = [...new Set(found)].sort();
  return json(data.length === 0 ? { status: 'success' } : { status: 'success', data });
};

const querySelector = (call: Call): Matcher[] => {
  const query = call.params.get('query');
  return query === null || query === '' ? [] : parseSelector(query);
};

/** GET or POST /loki/api/v1/labels. Throws LokiError 400. */
export function labelNames(call: Call, context: Context): Answer {
  const streams = streamsIn(call, context, querySelector(call));
  return names(streams.flatMap((stream) => Object.keys(stream.labels)));
}

/** GET or POST /loki/api/v1/label/{name}/values. Throws LokiError 400. */
export function labelValues(name: string, call: Call, context: Context): Answer {
  const streams = streamsIn(call, context, querySelector(call));
  const values = streams.map((stream) =>
    Object.hasOwn(stream.labels, name) ? stream.labels[name] : undefined,
  );
  return names(values.filter((value) => value !== undefined));
}

/** GET or POST /loki/api/v1/series; without `match[]` all series. Throws LokiError 400. */
export function series(call: Call, context: Context): Answer {
  const selectors = [...call.params.getAll('match[]'), ...call.params.getAll('match')].map(parseSelector);
  const streams = streamsIn(call, context, []).filter(
    (stream) => selectors.length === 0 || selectors.some((matchers) => matches(stream.labels, matchers)),
  );
  return json({ status: 'success', data: streams.map((stream) => sortedLabels(stream.labels)) });
}
