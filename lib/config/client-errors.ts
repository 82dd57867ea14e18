import type { Matcher, Series, Service } from './service';

export type FailedSeries = { ok: true; series: Series } | { ok: false; problem: string };

const same = (left: Matcher, right: Matcher): boolean =>
  left.label === right.label && left.op === right.op && left.value === right.value;

const escapeRegex = (text: string): string => text.replaceAll(/[\\^$.|?*+()[\]{}]/g, '\\$&');

/**
 * The failed requests with chosen 4xx statuses among them. It works where the failed requests are picked
 * out of all requests by a status, as in `requests_total{status=~"5.."}`: the matcher is widened, so that no
 * request is counted twice. Elsewhere it says why it cannot.
 */
export function withClientErrors(
  { total, failed }: Service['metrics']['requests'],
  clientErrors: readonly string[],
): FailedSeries {
  if (clientErrors.length === 0) return { ok: true, series: failed };
  if (failed.metric !== total.metric) {
    return {
      ok: false,
      problem: `the failed requests are counted by ${failed.metric}, which has no 4xx in it; only one metric with a status label can be widened.`,
    };
  }
  const own = failed.matchers.filter((matcher) => !total.matchers.some((other) => same(matcher, other)));
  const [status] = own;
  if (own.length !== 1 || status === undefined || (status.op !== '=' && status.op !== '=~')) {
    return {
      ok: false,
      problem: 'the failed requests are not picked by one status matcher such as status=~"5..".',
    };
  }
  const codes = clientErrors.includes('4xx') ? ['4..'] : [...new Set(clientErrors)].sort();
  const value = [status.op === '=' ? escapeRegex(status.value) : `(?:${status.value})`, ...codes].join('|');
  const widened: Matcher = { label: status.label, op: '=~', value };
  return {
    ok: true,
    series: {
      ...failed,
      matchers: failed.matchers.map((matcher) => (matcher === status ? widened : matcher)),
    },
  };
}
