import { expect, test } from 'vitest';
import { isOpsError } from '@/lib/core/errors';
import { testConfig } from '@/lib/service/testing/config';
import { rulesView } from './view';

const native = {
  id: 'native',
  service: 'mailer',
  name: 'Native',
  objective: '99',
  indicator: { kind: 'latency-native', histogram: { metric: 'wait_seconds' }, below: '300ms' },
};
const config = testConfig({}, { slos: [{ ...native, indicator: 'availability', id: 'mail' }, native] });

const refusal = (ask: Parameters<typeof rulesView>[1]): unknown => {
  try {
    return rulesView(config, ask);
  } catch (error) {
    return error;
  }
};

test('the rules of one objective are a file with its name', () => {
  const { name, text } = rulesView(config, { slo: 'mail', environment: 'production' });
  expect(name).toBe('mail-production.rules.yaml');
  expect(text).toContain('(objective mail, environment production)');
  expect(text).not.toContain('slo: native');
});

test('an objective without rules says why, and a version, an environment or an objective that is none is refused', () => {
  const ask = { slo: 'native' };
  expect(isOpsError(refusal(ask), 'precondition')).toBe(true);
  expect(String(refusal(ask))).toContain('it counts a native histogram');
  expect(rulesView(config, { ...ask, prometheus: '3.x', feature: 'native-histograms' }).text).toContain(
    'histogram_count',
  );
  expect(isOpsError(refusal({ slo: 'mail', prometheus: 'new' }), 'invalid')).toBe(true);
  expect(isOpsError(refusal({ slo: 'mail', environment: 'moon' }), 'not-found')).toBe(true);
  expect(isOpsError(refusal({ slo: 'none' }), 'not-found')).toBe(true);
});
