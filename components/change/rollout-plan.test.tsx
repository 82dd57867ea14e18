// @vitest-environment jsdom
import { cleanup, render, screen, within } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { undoLines } from './abort-words';
import { PlanParts } from './plan-view';
import { testPlanHash, testView } from './test-view';

afterEach(cleanup);

const { plan } = testView('InReview');
const capacity = { region: 'us-east-1', need: 10, lowest: 9, highest: 11 };
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
  const rolling = { ...plan, rollout: { capacity, forecast } };
  render(<PlanParts plan={rolling} planHash={testPlanHash} script={'#!/bin/sh\n'} />);
  expect(plain(panel('What it may cost in error budget'))).toMatch(/At worst 9 000 failed requests.*18/);
  expect(plain(panel('Capacity meanwhile'))).toContain('9, 1 pod short');
  expect(within(panel('Undo')).getByText('Back out by hand, with kubectl')).toBeDefined();
});

it('nothing is forecast where nothing new takes requests', () => {
  const scale = { ...plan, rollout: { capacity, forecast: null } };
  render(<PlanParts plan={scale} planHash={testPlanHash} script={null} />);
  expect(screen.queryByRole('heading', { name: 'What it may cost in error budget' })).toBeNull();
});

it('an abort shows its own lines the other way round, or the image where it goes back further', () => {
  const diff = [{ path: 'spec.template.x', before: 'old', after: 'new' }];
  expect(undoLines({ ...plan, diff })).toEqual([{ path: 'spec.template.x', before: 'new', after: 'old' }]);
  const further = { ...plan, diff, undo: { ...plan.undo, version: 'v3.0.0', image: 'registry/x:v3.0.0' } };
  expect(undoLines(further)).toEqual([
    {
      path: 'image, and all else as ReplicaSet architect-api-1 has it',
      before: plan.to.image,
      after: 'registry/x:v3.0.0',
    },
  ]);
});
