import { createServer } from 'node:http';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { acceptMalformedUrls, decodable } from './malformed-url';

test('an address that decodes is left as it is, any other is read as text', () => {
  expect(decodable('/services/a%20b?x=%F0%9F%98%80')).toBe('/services/a%20b?x=%F0%9F%98%80');
  expect(decodable('/services/%E0%A4%A')).toBe('/services/%25E0%25A4%25A');
  expect(decodable('/services/100%')).toBe('/services/100%25');
});

test('what comes out always decodes', () => {
  let cases = 0;
  const part = fc.constantFrom('%', '%2', '%2f', '%E0', '%A4', '%F0%9F%98%80', 'a', '/', '?');
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      cases += 1;
      const address = decodable(parts.join(''));
      expect(() => decodeURIComponent(address)).not.toThrow();
      expect(decodable(address)).toBe(address);
    }),
    { numRuns: 500 },
  );
  expect(cases).toBe(500);
});

test('a server of this process sees only addresses that decode', async () => {
  acceptMalformedUrls();
  const server = createServer((request, response) => response.end(request.url));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const answer = await fetch(`http://127.0.0.1:${port}/x/%E0%A4%A`);
  expect(await answer.text()).toBe('/x/%25E0%25A4%25A');
  server.close();
});
