import { expect, test } from 'vitest';
import { baselineHash, imageOf, normaliseTemplate, templateKey, versionOf, withImage } from './template';

const template = {
  metadata: { creationTimestamp: null, labels: { app: 'api', 'pod-template-hash': 'abc' } },
  spec: {
    containers: [
      { name: 'api', image: 'r/api:1' },
      { name: 'side', image: 'r/side:7' },
    ],
  },
};

test('what a ReplicaSet adds does not count', () => {
  expect(normaliseTemplate(template)).toEqual({ metadata: { labels: { app: 'api' } }, spec: template.spec });
  const plain = { spec: template.spec, metadata: { labels: { app: 'api' } } };
  expect(templateKey(template)).toBe(templateKey(plain));
});

test('one image is replaced, the other container and the rest stay', () => {
  expect(withImage(template, 'api', 'r/api:2')).toEqual({
    metadata: { labels: { app: 'api' } },
    spec: {
      containers: [
        { name: 'api', image: 'r/api:2' },
        { name: 'side', image: 'r/side:7' },
      ],
    },
  });
  expect(withImage(template, 'typo', 'r/api:2')).toEqual(normaliseTemplate(template));
  expect(imageOf(template, 'typo')).toBe(null);
});

test.each([
  ['r/api:3.2.0', '3.2.0'],
  ['registry:5000/api', 'latest'],
  ['registry:5000/team/api:v1@sha256:0123', 'v1'],
  ['api', 'latest'],
])('the version of %s is %s', (image, version) => expect(versionOf(image)).toBe(version));

test('the baseline changes with the template, the strategy and the selector', () => {
  const spec = { template, strategy: { type: 'RollingUpdate' }, selector: { matchLabels: { app: 'api' } } };
  const hash = baselineHash(spec);
  expect(baselineHash({ ...spec, template: normaliseTemplate(template) })).toBe(hash);
  expect(baselineHash({ ...spec, template: withImage(template, 'api', 'x:1') })).not.toBe(hash);
  expect(baselineHash({ ...spec, strategy: { type: 'Recreate' } })).not.toBe(hash);
  expect(baselineHash({ ...spec, selector: { matchLabels: { app: 'b' } } })).not.toBe(hash);
});

test('something that is no template is refused', () => {
  expect(() => normaliseTemplate({ spec: {} })).toThrow();
});
