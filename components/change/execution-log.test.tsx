// @vitest-environment jsdom
import { cleanup, render, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChangeView } from '@/lib/change/contract';
import { ExecutionPanels } from './execution-panels';
import { testView } from './test-view';
import { reading, stagedView } from './testing/staged-view';

beforeEach(() => {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const line = (seq: number): ChangeView['observations'][number] => ({
  ...{ seq, step: 1, at: '2026-11-21T14:00:00.000Z', kind: 'seen', sentence: `Line ${seq}.` },
});
const running = (seqs: number[]) => ({
  ...testView('Running', { startedAt: '2026-11-21T14:00:00.000Z' }),
  observations: seqs.map(line),
});

describe('the log of an execution', () => {
  it('goes on where it stood when it is read again, the newest line first', () => {
    const { rerender } = render(<ExecutionPanels view={running([1, 2])} />);
    rerender(<ExecutionPanels view={running([1, 2, 3, 4])} />);
    const lines = within(screen.getByRole('list', { name: 'Execution log' })).getAllByRole('listitem');
    expect(lines.map(({ textContent }) => /Line \d/.exec(textContent ?? '')?.[0])).toEqual([
      'Line 4',
      'Line 3',
      'Line 2',
      'Line 1',
    ]);
    expect(screen.queryByText(/are shown/)).toBeNull();
  });

  it('says how many lines are older than those that it has', () => {
    render(<ExecutionPanels view={running([1201, 1202])} />);
    expect(
      screen.getByText('The newest 2 are shown; 1,200 older ones are in the deployment record.'),
    ).toBeDefined();
  });
});

it('says where query and raw answer of the readings are, once there are any', () => {
  const where = 'The query and the raw answer of each reading are in the deployment record.';
  render(<ExecutionPanels view={stagedView('Running')} />);
  expect(screen.queryByText(where)).toBeNull();
  cleanup();
  render(<ExecutionPanels view={stagedView('Running', { view: { measurements: [reading(1)] } })} />);
  expect(screen.getByText(where)).toBeDefined();
});
