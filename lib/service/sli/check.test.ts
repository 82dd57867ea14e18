import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AnswerServer, answerServer } from '@/lib/sources/testing/answer-server';
import { checkIndicators } from './check';
import { answering, sliConfig, well } from './testing/answers';

let prometheus: AnswerServer;
beforeAll(async () => {
  prometheus = await answerServer(answering(well));
});
afterAll(() => prometheus.stop());

const check = async () =>
  (await checkIndicators(sliConfig(prometheus.url))).map(
    ({ state, subject, says }) => `${state} ${subject}: ${says}`,
  );

test('each place says how many of its indicators have samples, and what lacks', async () => {
  const { 'connections/limit': gone, failed, ...rest } = well;
  expect([gone, failed]).not.toContain(undefined);
  prometheus.answer = answering(well);
  expect((await check())[0]).toBe('ok Indicators of shop-api in production, us-east-1: 9 of 9 have samples.');
  // No failure yet is no series of failures: that is no lack.
  prometheus.answer = answering(rest);
  expect(await check()).toEqual([
    'note Indicators of shop-api in production, us-east-1: 8 of 9 have samples: connections has no samples of allowed.',
    'note Indicators of shop-api in production, eu-west-1: 8 of 9 have samples: connections has no samples of allowed.',
    'note Indicators of mailer in production, us-east-1: 4 of 9 have samples: cpu is not configured; memory is not configured; disk-io-wait is not configured; connections is not configured; cache-hits is not configured.',
  ]);
});

test('a source that does not answer is said, and is no error of the configuration', async () => {
  prometheus.answer = () => ({ status: 503, body: '' });
  expect((await check())[0]).toBe(
    'note Indicators of shop-api in production, us-east-1: Prometheus main is not ready (HTTP 503).',
  );
});
