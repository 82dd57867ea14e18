// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import { renderToStaticMarkup } from 'react-dom/server';
import { afterEach, describe, expect, it } from 'vitest';
import { daysInWords } from './history-bars';
import { PublicPage } from './public-page';
import { component, message, published } from './test-status';
import { dayText, formatUptime, fullTime, shortTime } from './words';

afterEach(cleanup);
const soon = new Date('2026-11-21T12:34:40Z');

describe('public status page', () => {
  it('says the state, its age, the messages and each system in words', () => {
    render(<PublicPage status={published} now={soon} />);
    expect(screen.getByText(published.sentence)).toBeDefined();
    expect(screen.getByText('21 November 2026, 12:34 UTC')).toBeDefined();
    expect(screen.getByText(/We went back to the version before/)).toBeDefined();
    expect(screen.getByText('Degraded performance', { selector: 'span.text-warn' })).toBeDefined();
    expect(screen.getByText('Failed sign-ins')).toBeDefined();
  });

  it('carries the history of each system as a sentence and its days in words', () => {
    render(<PublicPage status={published} now={soon} />);
    expect(
      screen.getByRole('img', {
        name: 'architect-api, eu-west-1, last 90 days: 87 operational, 1 under maintenance, 1 degraded performance, 1 major outage',
      }),
    ).toBeDefined();
    expect(
      screen.getByText('12 October 2026: major outage, 98.00 % up', {
        normalizer: (text) => text.replaceAll('\u00a0', ' '),
      }),
    ).toBeDefined();
  });

  it('does not hide that what it shows is old', () => {
    render(<PublicPage status={published} now={new Date('2026-11-21T13:34:00Z')} />);
    expect(screen.getByText('What is shown here is old')).toBeDefined();
    expect(screen.getByText(/The last word was: Architect Dashboard is slow/)).toBeDefined();
  });

  it('says that nothing is known when nothing was published', () => {
    render(<PublicPage status={null} now={soon} />);
    expect(screen.getByText('The state of the services is not known')).toBeDefined();
  });

  it('is whole without a script', () => {
    const html = renderToStaticMarkup(<PublicPage status={published} now={soon} />);
    expect(html).not.toMatch(/<script|onclick|<button/i);
    expect(html.match(/<details/g)?.length).toBeGreaterThanOrEqual(3);
  });

  it('says so when no system and no message is listed', () => {
    render(<PublicPage status={{ ...published, components: [], active: [], past: [] }} now={soon} />);
    expect(screen.getByText('No system is listed on this page yet.')).toBeDefined();
    expect(screen.getByText(/No earlier message/)).toBeDefined();
  });

  it('treats the text of a message as text', () => {
    const evil = '<img src=x onerror=alert(1)>';
    const html = renderToStaticMarkup(
      <PublicPage status={{ ...published, active: [{ ...message, title: evil }] }} now={soon} />,
    );
    expect(html).not.toContain('<img');
  });
});

describe('words of the status page', () => {
  it('cuts the uptime, so that 100.00 means everything', () => {
    expect(formatUptime(0.99999)).toBe('99.99\u00a0%');
    expect(formatUptime(1)).toBe('100.00\u00a0%');
    expect(formatUptime(0.9995)).toBe('99.95\u00a0%');
  });
  it('writes times in UTC', () => {
    expect(shortTime('2026-11-19T12:33:00Z')).toBe('19 Nov 12:33');
    expect(fullTime('2026-11-19T12:33:00Z')).toBe('19 November 2026, 12:33 UTC');
    expect(dayText('2026-11-19')).toBe('19 November 2026');
  });
  it('counts days without a measurement as unknown', () => {
    expect(daysInWords(component('a/b', 'operational', { 3: null, 4: 'unknown' }).days)).toBe(
      '88 operational, 2 unknown',
    );
  });
});
