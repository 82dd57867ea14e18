import { expect, test } from 'vitest';
import { validateConfig } from '@/lib/config/validate';
import { benchConfig, serviceOf } from './config';
import { changeSheet } from './figures';

test('the figures are those of the issue with its goals, in its order', () => {
  const json = changeSheet.asJson({});
  expect(Object.entries(json).map(([name, { goal, unit }]) => [name, goal, unit])).toEqual([
    ['approval_to_write_p95_ms', '<= 300', 'ms'],
    ['rollback_p95_ms', '<= 200', 'ms'],
    ['abort_p95_ms', '<= 200', 'ms'],
    ['late_step_max_s', '<= 2', 's'],
    ['takeover_s', '<= 35', 's'],
    ['engine_tests_min', '<= 10', 'min'],
  ]);
});

test('the configuration is valid, with leases as in production', () => {
  const at = { prometheus: 'http://127.0.0.1:9090', kubeconfig: '/none', status: '/none' };
  const text = JSON.stringify(benchConfig(at, 50, { watchSeconds: 20, guardSeconds: 5 }));
  const { config, problems } = validateConfig(text, 'signalbox.yaml');
  expect(problems).toEqual([]);
  expect(config?.services.map(({ id }) => id)).toEqual(Array.from({ length: 50 }, (_, n) => serviceOf(n)));
  expect(config?.timing).toMatchObject({ lease: 30, heartbeat: 5, stopActing: 20 });
});
