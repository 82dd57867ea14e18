// @vitest-environment jsdom
import { cleanup, render, screen, within } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { PlanParts } from './plan-view';
import { testPlanHash, testView } from './test-view';

afterEach(cleanup);

const { plan } = testView('InReview');
const forecast = {
  requestsPerSecond: 120,
  steps: [{ n: 3, share: 1, totalFailure: 9000, slowBurn: 1500 }],
  worst: 9000,
  ofBudget: 0.09,
  ofRemaining: 0.18,
  sentence: 'At worst 9 000 failed requests.',
};
const panel = (title: string) => {
  const section = screen.getByRole('heading', { name: title }).closest('section');
  if (section === null) throw new Error(`No panel ${title}.`);
  return section;
};
const plain = (element: HTMLElement): string => (element.textContent ?? '').replaceAll(/\s+/g, ' ');

it('a plan of one Deployment says what it may cost, how many pods serve meanwhile, and how to go back by hand', () => {
  const rolling = { ...plan, forecast };
  render(<PlanParts plan={rolling} planHash={testPlanHash} script={'#!/bin/sh\n'} />);
  expect(plain(panel('What it may cost in error budget'))).toMatch(/At worst 9 000 failed requests.*18/);
  expect(plain(panel('Steps'))).toContain('10 pods: all 10 serve all the time, at most 11 run');
  expect(within(panel('Undo')).getByText('Back out by hand, with kubectl')).toBeDefined();
});

it('nothing is forecast where nothing new takes requests', () => {
  render(<PlanParts plan={plan} planHash={testPlanHash} script={null} />);
  expect(screen.queryByRole('heading', { name: 'What it may cost in error budget' })).toBeNull();
});
