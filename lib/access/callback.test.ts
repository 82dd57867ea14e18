import { expect, test } from 'vitest';
import { clientAddress } from './attempts';
import { localPath, localUrl } from './callback';

test.each([
  ['/changes?state=Running#top', '/changes?state=Running#top'],
  ['/', '/'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['\\\\evil.example', '/'],
  ['https://evil.example/', '/'],
  ['https:evil.example', '/'],
  ['javascript:alert(1)', '/'],
  ['/\tevil', '/'],
  ['/a\r\nSet-Cookie: x=1', '/'],
  ['/a/..//evil.example', '/'],
  ['', '/'],
  [undefined, '/'],
])('the callback %j leads to %s', (callback, expected) => {
  expect(localPath(callback)).toBe(expected);
});

test.each([
  ['/changes', 'https://console.example.com/changes'],
  ['https://console.example.com/changes', 'https://console.example.com/changes'],
  ['https://console.example.com.evil.example/', 'https://console.example.com/'],
  ['https://evil.example/changes', 'https://console.example.com/'],
  ['//evil.example', 'https://console.example.com/'],
])('next-auth is sent from %s to %s', (url, expected) => {
  expect(localUrl(url, 'https://console.example.com')).toBe(expected);
});

test.each([
  ['203.0.113.9', 0, '203.0.113.9'],
  ['6.6.6.6, 203.0.113.9', 0, '203.0.113.9'],
  ['6.6.6.6, 203.0.113.9, 10.0.0.1', 1, '203.0.113.9'],
  ['6.6.6.6, 203.0.113.9, 10.0.0.2, 10.0.0.1', 2, '203.0.113.9'],
  ['203.0.113.9', 3, '203.0.113.9'],
  [null, 1, 'unknown'],
])('X-Forwarded-For %j, the peer last, behind %i proxies is %s', (header, proxies, expected) => {
  expect(clientAddress(header, proxies)).toBe(expected);
});
