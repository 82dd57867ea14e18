import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changeNumber } from '@/lib/core/ids';
import { type AnswerServer, answerServer } from '@/lib/sources/testing/answer-server';
import { stagedPlan } from '../../testing/staged-plan';
import { ask, config, db, openVerbWorld, plan } from '../../testing/verbs';
import { incidents, otherChanges } from './check-others';

openVerbWorld();

describe('other changes', () => {
  test('one that runs or waits is named, whatever service it is about, when it wants the same object', async () => {
    const id = await ask();
    const foreign = { ...stagedPlan, service: 'another' };
    expect(await otherChanges(db, foreign)).toMatchObject({ result: 'pass' });
    await db.change.update({ where: { number: changeNumber(id) }, data: { state: 'Approved' } });
    expect(await otherChanges(db, foreign)).toMatchObject({
      result: 'warn',
      detail: expect.stringMatching(new RegExp(`^${id} comes first; this one would be number 2`)),
    });
    const elsewhere = { ...plan, service: 'another', target: { ...plan.target, name: 'another' } };
    expect(await otherChanges(db, elsewhere)).toMatchObject({ result: 'pass' });
  });
});

describe('incidents', () => {
  let server: AnswerServer;
  beforeAll(async () => {
    server = await answerServer(() => ({ body: '[]' }));
  });
  afterAll(() => server.stop());

  const at = '2026-01-01T00:00:00.000Z';
  const firing = (labels: object, state = 'active') => {
    const alert = { fingerprint: 'f', labels, startsAt: at, endsAt: at, status: { state } };
    server.answer = ({ url }) => ({ body: url.pathname.endsWith('alerts') ? JSON.stringify([alert]) : '[]' });
  };
  const asked = () => {
    const source = { ...config.sources.loki[0], id: 'alerts', url: server.url, headers: {}, timeout: 2 };
    return incidents({ ...config, sources: { ...config.sources, alertmanager: [source] } }, plan);
  };
  const critical = { alertname: 'Down', severity: 'critical', service: 'fraiseql-api' };

  test('a critical alert of the service that fires is named', async () => {
    firing(critical);
    expect(await asked()).toMatchObject({
      result: 'warn',
      detail: 'Critical alerts of FraiseQL API fire now: Down. End the incident first.',
    });
  });

  test.each([
    ['of another service', { ...critical, service: 'other' }, 'active'],
    ['of another environment', { ...critical, environment: 'staging' }, 'active'],
    ['that is silenced', critical, 'suppressed'],
    ['that is a warning', { ...critical, severity: 'warning' }, 'active'],
  ])('an alert %s does not count', async (_, labels, state) => {
    firing(labels, state);
    expect(await asked()).toMatchObject({ result: 'pass' });
  });

  test('an Alertmanager that does not answer, or none, is a warning', async () => {
    server.answer = () => ({ status: 503, body: '' });
    expect(await asked()).toMatchObject({
      result: 'warn',
      detail: expect.stringContaining('Could not be checked'),
    });
    expect(await incidents(config, plan)).toMatchObject({
      result: 'warn',
      detail: expect.stringContaining('no Alertmanager'),
    });
  });
});
