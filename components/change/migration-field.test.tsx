// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, expect, it, vi } from 'vitest';
import type { RequestPlan } from '@/lib/change/contract';
import { abortedMigration } from '@/lib/change/migration-words';
import type { StagedStep } from '@/lib/change/staged/contract';
import { stagedPlan } from '@/lib/change/testing/staged-plan';
import { KindFields } from './plan-fields';

afterEach(cleanup);

const place = { service: 'api', environment: 'production', region: 'us-east-1' };
const deploy: RequestPlan = { kind: 'deploy', ...place, version: 'v2', strategy: 'canary' };

type HeldProps = { canMigrate: boolean; canMaintain?: boolean; told: (value: RequestPlan) => void };

function Held({ canMigrate, canMaintain = false, told }: HeldProps) {
  const [value, setValue] = useState<RequestPlan>(deploy);
  return (
    <KindFields
      value={value}
      onChange={(next) => {
        setValue(next);
        told(next);
      }}
      error={null}
      traffic="virtual-service"
      times={{ canary: [], gradual: [], watchSeconds: 60 }}
      canMigrate={canMigrate}
      canMaintain={canMaintain}
    />
  );
}

it('asks for the class of a migration where the service has one, and says what it means for the way back', async () => {
  const told = vi.fn();
  render(<Held canMigrate told={told} />);
  await userEvent.selectOptions(screen.getByLabelText('Database migration'), 'forward-only');
  expect(told).toHaveBeenLastCalledWith({ ...deploy, migration: 'forward-only' });
  expect(screen.getByText(/only a person sends the requests back/)).toBeDefined();
  await userEvent.selectOptions(screen.getByLabelText('Database migration'), 'None');
  expect(told).toHaveBeenLastCalledWith(deploy);
});

it('takes the migration away with the steps it stood between', async () => {
  const told = vi.fn();
  render(<Held canMigrate told={told} />);
  await userEvent.selectOptions(screen.getByLabelText('Database migration'), 'destructive');
  await userEvent.click(screen.getByRole('radio', { name: 'Rolling' }));
  expect(told).toHaveBeenLastCalledWith({ kind: 'deploy', ...place, version: 'v2' });
  expect(screen.queryByLabelText('Database migration')).toBeNull();
});

it('offers maintenance mode beside a migration alone, off, and says what it costs', async () => {
  const told = vi.fn();
  render(<Held canMigrate canMaintain told={told} />);
  expect(screen.queryByLabelText('Maintenance mode')).toBeNull();
  await userEvent.selectOptions(screen.getByLabelText('Database migration'), 'forward-only');
  const box = screen.getByRole('checkbox', { name: 'Maintenance mode' });
  expect(box).toHaveProperty('checked', false);
  expect(screen.getByText(/All requests fail from before the migration/)).toBeDefined();
  await userEvent.click(box);
  expect(told).toHaveBeenLastCalledWith({ ...deploy, migration: 'forward-only', maintenance: true });
  await userEvent.selectOptions(screen.getByLabelText('Database migration'), 'reversible');
  expect(told).toHaveBeenLastCalledWith({ ...deploy, migration: 'reversible', maintenance: true });
  await userEvent.selectOptions(screen.getByLabelText('Database migration'), 'None');
  expect(told).toHaveBeenLastCalledWith(deploy);
});

it('offers no maintenance mode where the service has none', async () => {
  render(<Held canMigrate told={vi.fn()} />);
  await userEvent.selectOptions(screen.getByLabelText('Database migration'), 'reversible');
  expect(screen.queryByLabelText('Maintenance mode')).toBeNull();
});

it('does not ask where the service has no migration', () => {
  render(<Held canMigrate={false} told={vi.fn()} />);
  expect(screen.queryByLabelText('Database migration')).toBeNull();
});

it('says of an abort what becomes of the migration', () => {
  const job: StagedStep = {
    do: 'job',
    region: 'us-east-1',
    cluster: 'us-east-1',
    namespace: 'shop',
    name: 'api-migrate-1',
    spec: '{}',
    class: 'forward-only',
    timeoutSeconds: 300,
  };
  const plan = { ...stagedPlan, staged: { ...stagedPlan.staged, steps: [job, ...stagedPlan.staged.steps] } };
  expect(abortedMigration(plan, [{ n: 1, state: 'pending' }])).toBeNull();
  expect(abortedMigration(plan, [{ n: 1, state: 'running' }])).toContain('is not stopped');
  expect(abortedMigration(plan, [{ n: 1, state: 'done' }])).toContain(
    'The forward-only migration is complete',
  );
  expect(abortedMigration(stagedPlan, [{ n: 1, state: 'done' }])).toBeNull();
});
