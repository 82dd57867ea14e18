import { expect, test } from 'vitest';
import { impersonate } from './write';

test('a name outside Latin-1 is a header value too, also one outside the basic plane', () => {
  const headers = impersonate({ user: 'zoë🚦@example.com', attempt: 'c-1/1/1' });
  expect(headers['impersonate-user']).toBe('zo%C3%AB%F0%9F%9A%A6@example.com');
});
