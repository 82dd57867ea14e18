import { describe, expect, test } from 'vitest';
import { digestOf, isMovingTag, isSameImage, parseImage, pinImage } from './image';

const a = `sha256:${'a'.repeat(64)}`;
const b = `sha256:${'b'.repeat(64)}`;
const name = 'registry.example.com/shop/api';

test.each([
  ['nginx', { host: 'docker.io', repository: 'library/nginx', tag: null, digest: null }],
  ['shop/api:1', { host: 'docker.io', repository: 'shop/api', tag: '1', digest: null }],
  ['localhost/api:1', { host: 'localhost', repository: 'api', tag: '1', digest: null }],
  ['host:5000/api', { host: 'host:5000', repository: 'api', tag: null, digest: null }],
  [`${name}:2.0.0@${a}`, { host: 'registry.example.com', repository: 'shop/api', tag: '2.0.0', digest: a }],
  [`${name}@${a}`, { host: 'registry.example.com', repository: 'shop/api', tag: null, digest: a }],
  [
    `${name}:2.0.0@sha256:short`,
    { host: 'registry.example.com', repository: 'shop/api', tag: '2.0.0', digest: null },
  ],
])('the parts of %s', (reference, parts) => expect(parseImage(reference)).toEqual(parts));

test('a pin replaces the one before and keeps the tag', () => {
  expect(pinImage(`${name}:1`, a)).toBe(`${name}:1@${a}`);
  expect(pinImage(`${name}:1@${b}`, a)).toBe(`${name}:1@${a}`);
});

describe('two references mean one image', () => {
  const same = (left: string, right: string, more: { left?: string; right?: string } = {}) =>
    isSameImage({ image: left, digest: more.left }, { image: right, digest: more.right });

  test('when one of them is not pinned and the tag is the same', () => {
    expect(same(`${name}:1`, `${name}:1@${a}`)).toBe(true);
    expect(same(`${name}:1@${a}`, `${name}:1`)).toBe(true);
    expect(same(`${name}:1`, `${name}:2@${a}`)).toBe(false);
    expect(same(`${name}:1`, `${name}-green:1`)).toBe(false);
  });

  test('and not when both digests are known and differ, wherever they are known from', () => {
    expect(same(`${name}:1@${a}`, `${name}:1@${b}`)).toBe(false);
    expect(same(`${name}:1`, `${name}:1@${b}`, { left: a })).toBe(false);
    expect(same(`${name}:1`, `${name}:1@${a}`, { left: a })).toBe(true);
  });

  test('the digest of the reference comes before one that was read', () =>
    expect(digestOf({ image: `${name}:1@${a}`, digest: b })).toBe(a));
});

test.each([
  ['latest', true],
  ['main', true],
  ['nightly', true],
  ['stable', true],
  ['feature-login', true],
  ['2.0.0', false],
  ['v3.2.0-rc.1', false],
  ['nightly-20261121', false],
  ['20261121', false],
  ['deadbeef', false],
  ['facade', true],
])('%s is a tag that moves by design: %s', (tag, moves) => expect(isMovingTag(tag)).toBe(moves));
