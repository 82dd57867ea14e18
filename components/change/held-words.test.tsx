// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it } from 'vitest';
import type { ChangeView } from '@/lib/change/contract';
import { stagedPlan } from '@/lib/change/testing/staged-plan';
import { ChangeHead } from './change-head';
import { StagedSteps } from './staged-steps';
import { SteerBar } from './steer-bar';
import { stagedView } from './testing/staged-view';

afterEach(cleanup);

const sentence = '“kubectl-edit” changed the routes of VirtualService fraiseql-api in us-east-1.';
const hold = { kind: 'drift', sentence, since: '2026-11-21T14:00:00.000Z' };
const holding = { step: 5, goodSeconds: 0, needSeconds: 600, isCounting: false, detail: sentence };

const steps = (view: ChangeView) => {
  render(<StagedSteps view={view} plan={stagedPlan} />);
  return screen.getByRole('listitem', { current: 'step' }).textContent ?? '';
};
const withDetail = (view: ChangeView, detail: string): ChangeView => ({
  ...view,
  steps: view.steps.map((step) => (step.state === 'running' ? { ...step, detail } : step)),
});

describe('what holds a change', () => {
  it('stands at its head and not once more at its step', () => {
    expect(steps(stagedView('DriftHold', { change: { hold }, view: { holding } }))).not.toContain(sentence);
    cleanup();
    expect(
      steps(withDetail(stagedView('DriftHold', { running: 4, change: { hold } }), sentence)),
    ).not.toContain(sentence);
  });

  it('leaves words that say something else where they are', () => {
    const other = { ...holding, detail: 'The figures settle.' };
    expect(steps(stagedView('DriftHold', { change: { hold }, view: { holding: other } }))).toContain(
      'The figures settle.',
    );
  });

  it('is a headline by its first sentence where it takes many', () => {
    const long = `${sentence} Argo CD has put it back twice: it is not fought any more. Let it ignore .spec.http[].route[].weight, then resume.`;
    render(<ChangeHead view={stagedView('DriftHold', { change: { hold: { ...hold, sentence: long } } })} />);
    expect(screen.getByText(sentence).className).toContain('text-judgement');
    expect(screen.getByText(/^Argo CD has put it back twice: .* then resume\.$/).className).not.toContain(
      'text-judgement',
    );
  });
});

describe('resuming what somebody else changed', () => {
  it('says what is written again and what is not', async () => {
    const view = stagedView('DriftHold', { change: { hold } });
    const you = { ...view.you, refusals: { ...view.you.refusals, resume: null } };
    render(
      <QueryClientProvider client={new QueryClient()}>
        <SteerBar view={{ ...view, you }} />
      </QueryClientProvider>,
    );
    await userEvent.setup().click(screen.getByRole('button', { name: 'Resume' }));
    const { textContent } = screen.getByRole('dialog');
    expect(textContent).toContain('is written again, and step 5 goes on');
    expect(textContent).toContain('put it back first');
  });
});

describe('the step at which a change turned round', () => {
  it('says on the way back that its words are of that way, and afterwards has none of them', () => {
    const back = withDetail(stagedView('Running', { change: { backingOut: true } }), 'Draining; 2 s more.');
    expect(steps(back)).toContain('Going back: Draining; 2 s more.');
    cleanup();
    const over = stagedView('BackedOut', {
      change: { backingOut: true, finishedAt: '2026-11-21T15:00:00.000Z' },
    });
    const failed = over.steps.map((step) =>
      step.state === 'running' ? { ...step, state: 'failed' as const, detail: 'Draining; 1 s more.' } : step,
    );
    render(<StagedSteps view={{ ...over, steps: failed }} plan={stagedPlan} />);
    expect(document.body.textContent).not.toContain('Draining');
  });
});
