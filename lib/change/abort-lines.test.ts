import { expect, test } from 'vitest';
import { abortLines } from './abort-lines';
import { plan } from './testing/plan';

const { container } = plan.target;
const template = (image: string, pool = '20') => ({
  spec: { containers: [{ name: container, image, env: [{ name: 'POOL_SIZE', value: pool }] }] },
});
const specOf = (one: object): string =>
  JSON.stringify({ template: one, strategy: { type: 'RollingUpdate' }, selector: {} });
const at = `spec.template.spec.containers[${container}]`;
const image = { path: `${at}.image`, before: plan.to.image, after: plan.from.image };
const back = (one: object) => ({ ...plan.undo, template: JSON.stringify(one) });

test('of a deploy the image that it found', () => {
  const found = template(plan.from.image);
  expect(abortLines({ ...plan, baselineSpec: specOf(found), undo: back(found) })).toEqual([image]);
});

test('of a deploy over what was no good all that differs from the last known good', () => {
  const sick = template('registry.example.com/fraiseql/fraiseql-api:1.9.0', '99');
  const lines = abortLines({
    ...plan,
    baselineSpec: specOf(sick),
    undo: back(template(plan.from.image)),
  });
  expect(lines).toEqual([{ path: `${at}.env[POOL_SIZE].value`, before: '99', after: '20' }, image]);
});

test('of a variable its former value', () => {
  const write = { template: JSON.stringify(template(plan.from.image, '40')) };
  expect(abortLines({ ...plan, kind: 'set-env', write, undo: back(template(plan.from.image)) })).toEqual([
    { path: `${at}.env[POOL_SIZE].value`, before: '40', after: '20' },
  ]);
});

test('of a scale the former number', () => {
  const undo = { ...plan.undo, replicas: 3 };
  expect(abortLines({ ...plan, kind: 'scale', write: { replicas: 6 }, undo })).toEqual([
    { path: 'spec.replicas', before: '6', after: '3' },
  ]);
});

test('of a deploy that an earlier version planned nothing that is not known', () => {
  expect(abortLines(plan)).toEqual([]);
});
