// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { BackUpNow, EndSession, Restore } from './ask-buttons';

afterEach(cleanup);

const where = { service: 'shop-api', environment: 'production', region: 'us-east-1' };
const session = { pid: 4711, startedAt: '2026-11-22T03:40:00.123456Z' };

test('Back up now leads to the plan of a copy of this database', () => {
  render(<BackUpNow where={where} database="shop-us" name="Shop" refusal={null} />);
  expect(screen.getByRole('link', { name: 'Back up now: Shop' }).getAttribute('href')).toBe(
    '/changes/new/backup?service=shop-api&environment=production&region=us-east-1&database=shop-us',
  );
});

test('without a service or a folder the button stays and says why', () => {
  render(<BackUpNow where={null} database="shop-us" name="Shop" refusal={null} />);
  expect(screen.getByRole('button').getAttribute('title')).toMatch(/belongs to no service/);
  cleanup();
  render(<BackUpNow where={where} database="shop-us" name="Shop" refusal="No copies are configured." />);
  expect(screen.getByRole('button').getAttribute('title')).toBe('No copies are configured.');
});

test('End leads to the plan of the end of exactly this session', () => {
  render(<EndSession where={where} database="shop-us" session={session} refusal={null} />);
  const href = screen.getByRole('link', { name: 'End session 4711' }).getAttribute('href') ?? '';
  const query = new URLSearchParams(href.split('?')[1]);
  expect([query.get('pid'), query.get('startedAt')]).toEqual(['4711', session.startedAt]);
});

test('a session whose start is hidden cannot be named, and an installation without the account says so', () => {
  render(<EndSession where={where} database="d" session={{ pid: 7, startedAt: null }} refusal={null} />);
  expect(screen.getByRole('button').getAttribute('title')).toMatch(/hidden from our account/);
  cleanup();
  render(<EndSession where={where} database="d" session={session} refusal="No account." />);
  expect(screen.getByRole('button').getAttribute('title')).toBe('No account.');
});

test('Restore leads to the plan of one, with the copy where it is known', () => {
  render(<Restore where={where} database="shop-us" name="Shop" refusal={null} />);
  expect(screen.getByRole('link', { name: 'Restore… Shop' }).getAttribute('href')).toBe(
    '/changes/new/restore?service=shop-api&environment=production&region=us-east-1&database=shop-us',
  );
  cleanup();
  const copy = { id: 'c1', at: '2026-11-22 02:10:00' };
  render(<Restore where={where} database="shop-us" name="Shop" refusal={null} copy={copy} />);
  const link = screen.getByRole('link', { name: 'Restore… Shop, the copy of 2026-11-22 02:10:00' });
  expect(link.getAttribute('href')).toMatch(/&copy=c1$/);
});

test('where it cannot be, the button stays and says why', () => {
  render(<Restore where={where} database="shop-us" name="Shop" refusal="No account is configured." />);
  expect(screen.getByRole('button').getAttribute('title')).toBe('No account is configured.');
  cleanup();
  render(<Restore where={null} database="shop-us" name="Shop" refusal={null} />);
  expect(screen.getByRole('button').getAttribute('title')).toMatch(/belongs to no service/);
});
