import { expect, test } from 'vitest';
import { analysisQueries } from './queries';
import { at, metrics } from './testing/analysis';

const place = 'service="api",environment="production",region="eu-west-1"';

test('both versions are asked over one window, and all requests beside them', () => {
  const queries = analysisQueries(metrics, at, { candidate: '2.0.0', baseline: '1.0.0' }, 60);
  const total = `sum(increase(requests_total{${place},version="2.0.0"}[60s]))`;
  expect(queries).toEqual({
    candidate: {
      total,
      failed: `sum(increase(requests_total{status=~"5..",${place},version="2.0.0"}[60s])) or 0 * ${total}`,
    },
    baseline: {
      total: total.replace('2.0.0', '1.0.0'),
      failed: `sum(increase(requests_total{status=~"5..",${place},version="1.0.0"}[60s])) or 0 * ${total.replace('2.0.0', '1.0.0')}`,
    },
    all: `sum(increase(requests_total{${place}}[60s]))`,
    sampleAge: `(time()) - (max(timestamp(requests_total{${place},version="2.0.0"})))`,
    pods: `count(count by (pod) (requests_total{${place},version="2.0.0"}))`,
  });
});

test('colours with one version are told apart by the names of their pods', () => {
  const deployments = { candidate: 'api-green', baseline: 'api' };
  const same = analysisQueries(metrics, at, { candidate: '2.0.0', baseline: '2.0.0', deployments }, 60);
  expect(same.candidate.total).toContain('version="2.0.0",pod=~"api-green-[a-z0-9]+-[a-z0-9]{5}"');
  expect(same.baseline.total).toContain('version="2.0.0",pod=~"api-[a-z0-9]+-[a-z0-9]{5}"');
  // PromQL anchors its patterns: the old name is no part of the new one.
  const pods = (name: string) => new RegExp(`^(?:${name}-[a-z0-9]+-[a-z0-9]{5})$`);
  expect(['api-5d4f-x2x9k', 'api-green-5d4f-x2x9k'].map((pod) => pods('api').test(pod))).toEqual([
    true,
    false,
  ]);
  const told = analysisQueries(metrics, at, { candidate: '2.0.0', baseline: '1.0.0', deployments }, 60);
  expect(told.candidate.total).not.toContain('pod=~');
});

test('a hostile version stays a string', () => {
  const odd = { candidate: '"}) or vector(1) #', baseline: '1.0.0' };
  expect(analysisQueries(metrics, at, odd, 60).candidate.total).toContain('version="\\"}) or vector(1) #"');
});

test('pods of a baseline are told from the other pods of their version', () => {
  const deployments = { candidate: 'api-green', baseline: 'api-baseline', old: 'api' };
  const found = analysisQueries(metrics, at, { candidate: '2.0.0', baseline: '1.0.0', deployments }, 60, {
    scrapeSeconds: 5,
    longestSeconds: 60,
    shortestSeconds: 20,
  });
  expect(found.candidate.total).toBe(`sum(increase(requests_total{${place},version="2.0.0"}[60s]))`);
  expect(found.baseline.failed).toContain('version="1.0.0",pod=~"api-baseline-[a-z0-9]+-[a-z0-9]{5}"');
  expect(found.old?.failed).toContain('version="1.0.0",pod=~"api-[a-z0-9]+-[a-z0-9]{5}"');
  expect(found.baselinePods).toBe(
    `count(count by (pod) (requests_total{${place},version="1.0.0",pod=~"api-baseline-[a-z0-9]+-[a-z0-9]{5}"}))`,
  );
  const texts = found.share?.flatMap(({ candidate, baseline, old }) => [candidate, baseline, old]) ?? [];
  expect(new Set(texts).size).toBe(texts.length);
  const pods = (name: string) => new RegExp(`^(?:${name}-[a-z0-9]+-[a-z0-9]{5})$`);
  const of = (pod: string) => ['api', 'api-green', 'api-baseline'].filter((name) => pods(name).test(pod));
  expect(of('api-baseline-5d4f8-x2x9k')).toEqual(['api-baseline']);
  expect(of('api-5d4f8-x2x9k')).toEqual(['api']);
});
