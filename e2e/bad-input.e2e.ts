import type { APIRequestContext } from '@playwright/test';
import { z } from 'zod';
import { expect, test } from './fixtures';
import { stack } from './stack';

const Problem = z.looseObject({
  status: z.number(),
  title: z.string(),
  detail: z.string(),
  code: z.string(),
});

const long = 'x'.repeat(5000);
const rubbish = [
  '%00',
  '..%2f..%2fetc%2fpasswd',
  '%F0%9F%98%80',
  "'%20OR%201=1--",
  long.slice(0, 400),
  '-1',
  '%E0%A4%A',
];
const uuid = '00000000-0000-4000-8000-000000000000';

/** Addresses with one thing wrong each; nothing of it may be our mistake. */
const reads = [
  ...rubbish.flatMap((id) => [
    `/api/v1/services/${id}`,
    `/api/v1/services/${id}/charts`,
    `/api/v1/services/${id}/workloads`,
    `/api/v1/slos/${id}`,
    `/api/v1/reports/${id}`,
    `/api/v1/services/${id}/history`,
    `/api/v1/changes/${id}`,
    `/api/v1/changes/${id}/record`,
    `/api/v1/plans/${id}`,
    `/api/v1/backups/copies/${id}`,
    `/api/v1/archives/${id}`,
  ]),
  '/api/v1/backups?environment=%00',
  '/api/v1/backups/retention?environment=mars',
  '/api/v1/backups/drills?environment=mars',
  '/api/v1/backups/retention?environment=a&environment=b',
  '/api/v1/changes/c-0',
  '/api/v1/changes/c-999999999',
  '/api/v1/changes/c-99999999999999999999',
  `/api/v1/plans/${uuid}`,
  '/api/v1/changes?state=Nonsense',
  '/api/v1/changes?before=c-x',
  '/api/v1/changes?service=%27',
  '/api/v1/changes/measures?days=7',
  '/api/v1/changes/measures?environment=mars',
  '/api/v1/changes/measures?service=%00',
  '/api/v1/changes/c-1/record?format=exe',
  '/api/v1/services/architect-api/history?kind=cake',
  '/api/v1/services/architect-api/history?environment=mars&outcome=open',
  '/api/v1/services/architect-api/history?before=c-0',
  '/api/v1/overview?environment=nowhere',
  '/api/v1/overview?environment=Nowhere%00',
  '/api/v1/overview?environment=a&environment=b',
  '/api/v1/overview?__proto__=1',
  '/api/v1/services/architect-api?region=mars',
  '/api/v1/services/architect-api?environment=production&region=',
  '/api/v1/services/architect-api/gate?environment=mars',
  '/api/v1/services/architect-api/gate?action=dance',
  '/api/v1/services/architect-api/gate?format=exe',
  '/api/v1/services/%00/gate',
  '/api/v1/services/architect-api/charts?range=9y',
  '/api/v1/services/architect-api/charts?range=-2h',
  '/api/v1/reports?environment=nowhere',
  '/api/v1/reports/2026-10?format=exe',
  '/api/v1/reports/0000-01',
  '/api/v1/reports/9999-12?environment=production',
  '/api/v1/audit?from=yesterday',
  '/api/v1/audit?limit=0',
  '/api/v1/audit?limit=1e9',
  '/api/v1/audit?before=-1',
  '/api/v1/audit?before=99999999999999999999',
  '/api/v1/audit?change=214',
  `/api/v1/audit?target=${long}`,
  '/api/v1/audit?actor=%ED%A0%80',
  '/api/v1/audit/export?format=exe',
  '/api/v1/logs?query=%7B',
  '/api/v1/logs?query=%7Bservice%3D%22x%22%7D%20%7C%20nonsense%20%7C%7C',
  '/api/v1/logs?query=rate(%7Bservice%3D%22x%22%7D)',
  '/api/v1/logs?query=%7B%7D',
  '/api/v1/logs?query=%7Bservice%3D~%22(%22%7D',
  `/api/v1/logs?query=${'%7B'.repeat(1000)}`,
  '/api/v1/logs?from=now-99y',
  '/api/v1/logs?from=now&to=now-1h',
  '/api/v1/logs?from=nonsense',
  '/api/v1/logs?limit=-1',
  '/api/v1/logs?level=loud',
  `/api/v1/logs?text=${long}`,
  '/api/v1/logs?text=%60%22%5C%7D%7C~',
  '/api/v1/live?tails=%7B',
  '/api/v1/nothing-here',
] as const;

const pages = [
  ...rubbish.flatMap((id) => [`/services/${id}`, `/slos/${id}`, `/reports/${id}`, `/changes/${id}`]),
  '/services/architect-api?tab=nonsense&range=9y&region=mars&environment=nowhere',
  '/services/architect-api?tab=changes&in=nowhere&kind=cake&outcome=%00&before=c-0&days=-1',
  '/changes?state=nonsense&service=%00',
  '/changes/new/deploy?service=nobody&environment=x&region=y&version=%20',
  '/logs?query=%7B&from=nonsense&to=0&level=loud&order=sideways',
  '/audit?from=yesterday&before=x&change=1',
  '/sign-in?callback=https%3A%2F%2Fevil.example%2F&error=Nonsense',
  '/status?x=%00',
  '/status/nothing',
] as const;

test('rubbish in an address is the sender’s mistake and says what is wrong', async ({ pageAs }) => {
  const { request } = await pageAs('sre');
  const wrong: string[] = [];
  for (const path of reads) {
    const answer = await request.get(path, { maxRedirects: 0, timeout: 20_000 });
    const status = answer.status();
    if (status >= 500) wrong.push(`${status} ${path.slice(0, 120)}`);
    else if (status >= 400 && path.includes('?')) {
      const problem = Problem.safeParse(JSON.parse(await answer.text()));
      if (!problem.success) wrong.push(`${status} without a problem: ${path.slice(0, 120)}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('rubbish in the address of a page is a page with words, never a crash', async ({ pageAs }) => {
  test.setTimeout(180_000);
  const page = await pageAs('sre');
  const wrong: string[] = [];
  for (const path of pages) {
    const answer = await page.request.get(path, { timeout: 20_000 });
    if (answer.status() >= 500) wrong.push(`${answer.status()} ${path.slice(0, 120)}`);
  }
  expect(wrong).toEqual([]);
  await page.goto('/logs?query=%7B');
  await expect(page.getByText(/Loki|query/i).first()).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
  await page.goto('/services/nobody');
  await expect(page.getByRole('heading', { name: /There is no such/ })).toBeVisible();
  await page.goto('/changes/c-999999');
  await expect(page.getByText(/no change|not found/i).first()).toBeVisible();
});

type Sent = { path: string; body: string; type?: string; key?: string; status: number[] };
const deploy = {
  kind: 'deploy',
  service: 'fraiseql-api',
  environment: 'staging',
  region: 'us-east-1',
  version: '1',
};
const json = (value: unknown) => JSON.stringify(value);

const sent: Sent[] = [
  { path: '/api/v1/plans', body: '{', status: [400] },
  { path: '/api/v1/plans', body: '[]', status: [422] },
  { path: '/api/v1/plans', body: 'null', status: [422] },
  { path: '/api/v1/plans', body: '', status: [400, 422] },
  { path: '/api/v1/plans', body: json({ ...deploy, version: '; rm -rf /' }), status: [422] },
  { path: '/api/v1/plans', body: json({ ...deploy, extra: 1 }), status: [422] },
  { path: '/api/v1/plans', body: json({ ...deploy, service: 'nobody' }), status: [404, 409, 422] },
  { path: '/api/v1/plans', body: json({ ...deploy, region: 'eu-west-1' }), status: [404, 409, 422] },
  { path: '/api/v1/plans', body: '{"__proto__":{"x":1}}', status: [400] },
  { path: '/api/v1/plans', body: `${'['.repeat(100)}${']'.repeat(100)}`, status: [400] },
  { path: '/api/v1/plans', body: json({ ...deploy, version: 'x'.repeat(1_100_000) }), status: [413] },
  { path: '/api/v1/plans', body: json(deploy), type: 'text/plain', status: [415] },
  { path: '/api/v1/plans', body: json(deploy), key: '', status: [400, 422] },
  { path: '/api/v1/changes', body: json({ planId: 'x', planHash: 'y', reason: '' }), status: [422] },
  {
    path: '/api/v1/changes',
    body: json({ planId: uuid, planHash: 'y', reason: 'why not' }),
    status: [404, 409],
  },
  { path: '/api/v1/changes/c-0/abort', body: json({ reason: 'x' }), status: [404] },
  { path: '/api/v1/changes/c-999999/abort', body: json({ reason: 'x' }), status: [403, 404] },
  { path: '/api/v1/changes/c-1/sign-offs', body: json({ role: 'king', planHash: '' }), status: [422] },
  { path: '/api/v1/status/messages', body: json({ title: '\u0000' }), status: [403, 422] },
  { path: `/api/v1/backups/copies/${uuid}/pins`, body: json({ reason: 'hold' }), status: [404] },
  { path: `/api/v1/backups/copies/${uuid}/pins`, body: json({ reason: '  ' }), status: [422] },
  { path: `/api/v1/backups/copies/${uuid}/unpin`, body: json({ at: 'now', why: 'why not' }), status: [422] },
  { path: '/api/v1/backups/drills/nowhere', body: json({}), status: [404] },
  { path: '/api/v1/backups/drills/nowhere', body: json({ copy: 'x' }), status: [422] },
  {
    path: '/api/v1/backups/retention/nowhere/let-go',
    body: json({ copies: [uuid], why: 'why not' }),
    status: [403, 404],
  },
];

function send(request: APIRequestContext, { path, body, type, key }: Sent) {
  return request.post(path, {
    data: Buffer.from(body),
    headers: {
      'content-type': type ?? 'application/json',
      ...(key === '' ? {} : { 'idempotency-key': crypto.randomUUID() }),
      origin: stack().web,
    },
  });
}

test('rubbish in a body is refused by name, and nothing is made of it', async ({ pageAs }) => {
  const { request } = await pageAs('sre');
  const wrong: string[] = [];
  for (const each of sent) {
    const answer = await send(request, each);
    if (!each.status.includes(answer.status()))
      wrong.push(
        `${answer.status()} ${each.path} ${each.body.slice(0, 60)}: ${(await answer.text()).slice(0, 160)}`,
      );
    else Problem.parse(JSON.parse(await answer.text()));
  }
  expect(wrong).toEqual([]);
});

test('a write from another site is refused', async ({ pageAs }) => {
  const { request } = await pageAs('sre');
  const answer = await request.post('/api/v1/plans', {
    data: deploy,
    headers: { origin: 'https://evil.example', 'idempotency-key': crypto.randomUUID() },
  });
  expect(answer.status()).toBe(403);
});
