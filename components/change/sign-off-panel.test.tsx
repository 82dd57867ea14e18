// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import type { ChangeView } from '@/lib/change/contract';
import { PlanParts } from './plan-view';
import { SignOffPanel } from './sign-off-panel';
import { testPlanHash, testView } from './test-view';

afterEach(cleanup);

const sentence = 'API: 12.0 % of its error budget is left, below the 25 % of the policy p.';
const signOff = (more: Partial<ChangeView['signOffs'][number]>): ChangeView['signOffs'][number] => ({
  role: 'engineering_lead',
  roleName: 'Engineering Lead',
  state: 'missing',
  userName: null,
  at: null,
  comment: null,
  because: null,
  eligible: ['Ella'],
  ...more,
});

it('says which sign-off the error budget asks for, and why', () => {
  const view = testView('InReview');
  const signOffs = [signOff({}), signOff({ role: 'cto', roleName: 'CTO', because: sentence })];
  render(<SignOffPanel view={{ ...view, signOffs }} />);
  const asked = screen.getAllByText(/^Asked for by the error budget: /);
  expect(asked.map(({ textContent }) => textContent)).toEqual([`Asked for by the error budget: ${sentence}`]);
  expect(asked[0]?.closest('li')?.textContent).toContain('CTO');
});

it('prints the way back of a change of one Deployment, and its capacity meanwhile', () => {
  const { plan } = testView('InReview');
  render(<PlanParts plan={plan} planHash={testPlanHash} script="#!/bin/sh" />);
  expect(screen.getByText('#!/bin/sh')).toBeDefined();
  expect(screen.getByText('10 pods: all 10 serve all the time, at most 11 run')).toBeDefined();
});

it('keeps them apart in what is signed', () => {
  const { plan } = testView('InReview');
  const gate = {
    verdict: 'sign-offs' as const,
    signOffs: ['cto' as const],
    sentence,
    at: '2026-11-21T14:00:00.000Z',
    objectives: [],
  };
  const policy = { ...plan.policy, signOffs: [...plan.policy.signOffs, 'cto' as const] };
  render(<PlanParts plan={{ ...plan, policy, gate }} planHash={testPlanHash} script={null} />);
  expect(screen.getByText(/^Engineering Lead, DevOps Lead/).textContent).not.toContain('CTO');
  expect(screen.getByText(/also CTO \/ VP Engineering/)).toBeDefined();
  expect(screen.getByText(sentence)).toBeDefined();
});
