import { expect, test } from 'vitest';
import { testConfig } from '@/lib/service/testing/config';
import { answerServer } from '@/lib/sources/testing/answer-server';
import { LogSearch } from './contract';
import { logsView } from './view';

test('lines whose volume Loki refuses to count are shown, and it is not said to be unreachable', async () => {
  const streams = { resultType: 'streams', result: [] };
  const server = await answerServer(({ url }) =>
    url.searchParams.get('query')?.includes('count_over_time')
      ? { status: 400, type: 'text/plain', body: 'maximum of series (500) reached for a single query' }
      : { body: JSON.stringify({ status: 'success', data: streams }) },
  );
  const search = LogSearch.parse({ query: '{app="shop"}' });
  const { lines, volume } = await logsView(testConfig({ loki: server.url }), search);
  await server.stop();
  expect(lines).toMatchObject({ state: 'fresh', value: [] });
  expect(volume).toMatchObject({ state: 'missing', reason: 'bad-response' });
  expect(volume.state === 'missing' && volume.detail).toContain('maximum of series');
});
