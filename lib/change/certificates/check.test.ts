import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Certificates } from '@/lib/config/certificates';
import type { Config } from '@/lib/config/schema';
import { testConfig } from '@/lib/service/testing/config';
import { type AnswerServer, answerServer } from '@/lib/sources/testing/answer-server';
import type { DeployPlan } from '../contract';
import { plan as example } from '../testing/plan';
import { stagedPlan } from '../testing/staged-plan';
import { certificateCheck } from './check';

const DAY = 86_400;
const at = 1_795_305_600;
const plan: DeployPlan = { ...example, service: 'shop-api' };

let server: AnswerServer;
beforeAll(async () => {
  server = await answerServer(() => ({ body: '' }));
});
afterAll(() => server.stop());
beforeEach(() => {
  server.seen.length = 0;
  answers([]);
});

type Series = { part: string; labels?: Record<string, string>; value: number };
function answers(series: Series[]): void {
  const result = series.map(({ part, labels, value }) => ({
    metric: { signalbox_part: part, ...labels },
    value: [at, String(value)],
  }));
  server.answer = () => ({
    body: JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }),
  });
}
const configOf = (certificates: object = {}): Config => {
  const config = testConfig({ prometheus: server.url });
  const parsed = Certificates.parse(certificates);
  return { ...config, services: config.services.map((one) => ({ ...one, certificates: parsed })) };
};
const check = (asked: Partial<DeployPlan> = {}, certificates: object = {}) =>
  certificateCheck(configOf(certificates), { ...plan, ...asked });
const queries = (): string[] => server.seen.map(({ form }) => form.get('query') ?? '');

const host = { instance: 'https://shop.example.com', job: 'blackbox' };
const probed = (days: number): Series[] => [
  { part: 'ends0', labels: { __name__: 'probe_ssl_earliest_cert_expiry', ...host }, value: at + days * DAY },
  { part: 'taken0', labels: host, value: at - 12 },
  { part: 'subject0', labels: { ...host, instance: 'https://other', subject: 'CN=other' }, value: 1 },
  {
    part: 'subject0',
    labels: { __name__: 'probe_ssl_last_chain_info', ...host, subject: 'CN=shop.example.com' },
    value: 1,
  },
];

test('what is probed is told with its subject, its date and the age of its sample', async () => {
  answers(probed(60));
  expect(await check()).toEqual({
    id: 'certificates',
    title: 'The certificates last',
    result: 'pass',
    detail:
      'The certificate of https://shop.example.com (CN=shop.example.com) ends on 2027-01-21, 60 days from now. The sample is 12 s old.',
  });
  answers(probed(20));
  expect(await check()).toMatchObject({ result: 'warn' });
  answers(probed(2));
  expect(await check()).toMatchObject({ result: 'fail' });
});

test('what cert-manager issued in the namespace warns, and blocks nothing', async () => {
  const labels = { name: 'shop-tls', namespace: 'shop' };
  answers([...probed(60), { part: 'ends1', labels, value: at - DAY }]);
  expect(await check()).toMatchObject({
    result: 'warn',
    detail: expect.stringMatching(/^The certificate of shop-tls ended on .* namespace shop alone/),
  });
  answers([{ part: 'ends1', labels, value: 0 }]);
  expect(await check()).toMatchObject({ result: 'warn', detail: expect.stringContaining('is not known') });
});

test('without series it is not known, with what to configure; never a pass', async () => {
  expect(await check()).toMatchObject({
    result: 'warn',
    detail: expect.stringMatching(/^Not known: .*blackbox_exporter.*certificates\.expiry of shop-api/),
  });
  server.answer = () => ({ status: 503, body: '' });
  expect(await check()).toMatchObject({
    result: 'warn',
    detail: expect.stringMatching(/^Not known: Prometheus/),
  });
  const nowhere = { ...configOf(), sources: { ...configOf().sources, prometheus: [] } };
  expect(await certificateCheck(nowhere, plan)).toMatchObject({
    result: 'warn',
    detail: expect.stringMatching(/^Not known: no Prometheus/),
  });
});

test('a rollback asks nobody, and neither do kinds that bring no version requests', async () => {
  answers(probed(-1));
  for (const kind of [
    'rollback',
    'scale',
    'restart',
    'set-env',
    'backup',
    'restore',
    'end-session',
  ] as const) {
    expect(await check({ kind })).toBeNull();
  }
  expect(server.seen).toEqual([]);
});

test('what goes back to a version that ran before is told and not blocked', async () => {
  answers(probed(-1));
  const goesBack = { reverts: null, sentence: 'Puts back 1.8.0.' };
  expect(await check({ kind: 'shift', goesBack })).toMatchObject({
    result: 'warn',
    detail: expect.stringMatching(/ended on .* Going back is not held up by it\.$/),
  });
});

test('a series counts when it names this environment and region, or none', async () => {
  await check();
  expect(queries()[0]).toContain(
    'probe_ssl_earliest_cert_expiry{service="shop-api",environment=~"production|",region=~"us-east-1|"}',
  );
  expect(queries()[0]).toContain('{exported_namespace="shop",region=~"us-east-1|"}');
  expect(queries()[0]).toContain('{namespace="shop",exported_namespace="",region=~"us-east-1|"}');
});

test('the configuration names other series and limits, or none at all', async () => {
  const expiry = [
    {
      metric: 'x509_cert_not_after',
      matchers: [{ label: 'cn', op: '=', value: 'shop' }],
      scope: 'written',
      name: 'cn',
    },
  ];
  answers([{ part: 'ends0', labels: { cn: 'shop' }, value: at + 20 * DAY }]);
  expect(await check({}, { expiry, warn: '14d', block: '1d' })).toMatchObject({
    result: 'pass',
    detail: expect.stringMatching(/^The certificate of shop ends/),
  });
  expect(queries()[0]).toContain('(x509_cert_not_after{cn="shop"}');
  expect(await check({}, { expiry: [] })).toBeNull();
});

test('every region of a plan is asked, and named where the answers differ', async () => {
  answers(probed(60));
  const staged = { ...stagedPlan.staged, regions: ['us-east-1', 'eu-west-1'] };
  expect(await check({ staged })).toMatchObject({ result: 'pass' });
  expect(queries()).toHaveLength(2);
  const certificates = probed(60);
  server.answer = ({ form }) => {
    const days = form.get('query')?.includes('eu-west-1') ? 1 : 60;
    const [ends] = certificates;
    const value = [at, String(at + days * DAY)];
    const result = [{ metric: { signalbox_part: 'ends0', ...ends?.labels }, value }];
    return { body: JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }) };
  };
  expect(await check({ staged })).toMatchObject({
    result: 'fail',
    detail: expect.stringMatching(/^eu-west-1: The certificate of https:\/\/shop\.example\.com ends on/),
  });
});
