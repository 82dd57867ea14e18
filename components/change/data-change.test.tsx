// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactElement } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { copy } from '@/components/backup/testing/backups';
import { ChangeHead } from './change-head';
import { DataFields } from './data-fields';
import { ExecutionPanels } from './execution-panels';
import { PlanParts } from './plan-view';
import { SteerBar } from './steer-bar';
import { testPlanHash } from './test-view';
import { backupData, dataView, sessionData } from './testing/data-view';

// Nobody answers here: what is read stays pending.
beforeEach(() => {
  vi.stubGlobal('fetch', () => new Promise<Response>(() => undefined));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const show = (screenPart: ReactElement) =>
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      {screenPart}
    </QueryClientProvider>,
  );
const body = (): string => document.body.textContent ?? '';
/** Parts of a rollout that a change of a database does not have. */
const ofRollouts = /Guard|dry run|kubectl|ReplicaSet|Pods now|at most 1 more/;

describe('the plan', () => {
  it('of a copy says what is copied, how far it has to be proven, and that nothing has to be undone', () => {
    const { plan } = dataView(backupData, 'InReview');
    show(<PlanParts plan={plan} planHash={testPlanHash} script={null} />);
    expect(body()).toContain('pg_dump 15.18');
    expect(body()).toContain('L4 Restored');
    expect(body()).toContain('A copy needs no undo');
    expect(body()).toContain('Deployment architect-production/architect-api in us-east-1');
    expect(body()).not.toMatch(ofRollouts);
  });

  it('of an end of a session shows whose it is, what waits for it, and that it cannot be brought back', () => {
    const { plan } = dataView(sessionData, 'InReview');
    show(<PlanParts plan={plan} planHash={testPlanHash} script={null} />);
    for (const said of ['4711', 'shop-report', '10.0.1.7', 'idle in transaction', '12, 13', 'id = ?'])
      expect(body()).toContain(said);
    expect(body()).toContain('cannot be brought back');
    expect(body()).not.toMatch(ofRollouts);
  });
});

describe('the execution', () => {
  it('of a copy shows the copy with its level, and leads to all of them', () => {
    const view = dataView(backupData, 'Watching', {
      copy: copy(0, { level: 2, change: 'c-12', cause: 'change' }),
    });
    show(<ExecutionPanels view={view} />);
    expect(screen.getByText('L2 Listed')).toBeDefined();
    expect(screen.getByRole('link', { name: 'All copies' }).getAttribute('href')).toBe('/backups');
    expect(body()).not.toMatch(ofRollouts);
  });

  it('says so while there is no copy', () => {
    show(<ExecutionPanels view={dataView(backupData, 'Running')} />);
    expect(screen.getByText('No copy')).toBeDefined();
  });

  it('of an end of a session shows the session', () => {
    show(<ExecutionPanels view={dataView(sessionData, 'Running')} />);
    expect(screen.getByText('Which session')).toBeDefined();
    expect(body()).not.toMatch(ofRollouts);
  });

  it.each([
    [backupData, 'Proving'],
    [sessionData, 'Ending'],
  ] as const)('calls its second step by what it does', (data, word) => {
    show(<ChangeHead view={dataView(data, 'Watching')} />);
    expect(screen.getByTestId('change-state').textContent).toBe(word);
    const stages = within(screen.getByRole('list', { name: 'Stages' }));
    expect(stages.getByText(word)).toBeDefined();
  });
});

describe('the levers', () => {
  it.each([
    [backupData, 'Abort the backup', /withdrawn or stopped/, /stays/],
    [sessionData, 'Abort', /left alone/, /ends all the same/],
  ] as const)('say what an abort does', async (data, name, bar, consequence) => {
    show(<SteerBar view={dataView(data, 'Running')} />);
    expect(body()).toMatch(bar);
    await userEvent.setup().click(screen.getByRole('button', { name }));
    expect(screen.getByRole('dialog').textContent).toMatch(consequence);
    expect(body()).not.toMatch(/goes back to v3|pod by pod/);
  });

  it('pause only what has not begun', async () => {
    show(<SteerBar view={dataView(backupData, 'Running')} />);
    await userEvent.setup().click(screen.getByRole('button', { name: 'Pause' }));
    expect(screen.getByRole('dialog').textContent).toMatch(/What has begun cannot be paused/);
  });
});

describe('the form', () => {
  const place = { service: 'shop-api', environment: 'production', region: 'us-east-1' };
  const databases = [
    { id: 'shop-us', name: 'Shop' },
    { id: 'other', name: 'Other' },
  ];

  it('asks which database of the place', async () => {
    const asked = vi.fn();
    const value = { kind: 'backup', ...place, database: '' } as const;
    show(<DataFields value={value} onChange={asked} databases={databases} />);
    await userEvent.setup().selectOptions(screen.getByLabelText('Database'), 'Other');
    expect(asked).toHaveBeenCalledWith({ ...value, database: 'other' });
  });

  it('says where there is none, and where sessions are chosen', () => {
    const value = { kind: 'end-session', ...place, database: '', pid: 0, startedAt: '' } as const;
    show(<DataFields value={value} onChange={() => {}} databases={[]} />);
    expect(body()).toContain('names none of this service here');
    expect(body()).toContain('Choose the session on the tab Database');
  });
});
