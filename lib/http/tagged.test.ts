import { expect, test } from 'vitest';
import { namesTag, taggedJson } from './tagged';

test.each([
  ['"abc"', true],
  ['W/"abc"', true],
  ['"x", W/"abc" , "y"', true],
  ['*', true],
  ['"ab"', false],
  ['abc', false],
  ['', false],
  [null, false],
])('If-None-Match %j names "abc": %s', (header, names) => expect(namesTag(header, '"abc"')).toBe(names));

test('who has an answer is not sent it again, and everybody is told its tag', async () => {
  const sent = { body: new TextEncoder().encode('{"rows":["ü"]}'), tag: '"abc"' };
  const ask = (headers: Record<string, string>) => taggedJson(new Request('http://x/', { headers }), sent);
  const whole = ask({});
  expect([whole.status, whole.headers.get('etag')]).toEqual([200, '"abc"']);
  expect(await whole.json()).toEqual({ rows: ['ü'] });
  const again = ask({ 'if-none-match': '"abc"' });
  expect([again.status, again.headers.get('etag'), await again.text()]).toEqual([304, '"abc"', '']);
  // What a signed-out browser kept would be read by the next person at it.
  for (const { headers } of [whole, again]) expect(headers.get('cache-control')).toBe('private, no-store');
});
