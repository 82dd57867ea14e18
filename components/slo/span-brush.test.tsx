// @vitest-environment jsdom
import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nowUnix } from './test-slo';
import { backtest, showSpan } from './testing/show-span';

beforeEach(() => {
  vi.stubGlobal('PointerEvent', MouseEvent);
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe('the chart', () => {
  it('is drawn over to choose a span, which all charts show meanwhile', async () => {
    const { chosen, container } = showSpan({ chosen: null });
    const image = await screen.findByRole('img', { name: /^Error budget left/ });
    const plot = image.parentElement;
    if (plot === null) throw new Error('no plot');
    const box = {
      left: 0,
      width: 400,
      top: 0,
      height: 300,
      right: 400,
      bottom: 300,
      x: 0,
      y: 0,
      toJSON: () => '',
    };
    plot.getBoundingClientRect = () => box;
    fireEvent.pointerDown(plot, { clientX: 30, button: 0 });
    fireEvent.pointerMove(plot, { clientX: 33 });
    expect(container.querySelectorAll('[data-band]')).toHaveLength(0);
    fireEvent.pointerMove(plot, { clientX: 60 });
    expect(container.querySelectorAll('[data-band="draft"]')).toHaveLength(4);
    fireEvent.pointerUp(plot, { clientX: 60 });
    // 40 days are drawn over 400 pixels: a tenth of a day each.
    const from = nowUnix - 30 * 86_400;
    const [one] = chosen;
    expect(one?.from).toBe(Math.floor((from + 3 * 86_400) / 300) * 300);
    expect(one?.to).toBe(Math.ceil((from + 6 * 86_400) / 300) * 300);
    expect(container.querySelectorAll('[data-band="draft"]')).toHaveLength(0);
  });

  it('is marked with Shift and the arrows, said once, chosen by Enter and let go by Escape', async () => {
    const { chosen } = showSpan({ chosen: null });
    const [slider] = await screen.findAllByRole('slider');
    if (slider === undefined) throw new Error('no slider');
    fireEvent.focus(slider);
    fireEvent.keyDown(slider, { key: 'ArrowLeft', shiftKey: true });
    fireEvent.keyDown(slider, { key: 'ArrowLeft', shiftKey: true });
    expect(screen.getAllByText(/marked\. Enter tells what it cost\.$/)).toHaveLength(1);
    fireEvent.keyDown(slider, { key: 'Enter' });
    expect(chosen).toEqual([{ from: nowUnix - 2 * 86_400, to: nowUnix }]);
    fireEvent.keyDown(slider, { key: 'ArrowLeft', shiftKey: true });
    fireEvent.keyDown(slider, { key: 'Escape' });
    expect(screen.queryByText(/marked\. Enter/)).toBeNull();
    expect(chosen).toHaveLength(1);
  });

  it('shows the value of every chart at the time that one is read at', async () => {
    const { container } = showSpan({ chosen: null });
    const [slider] = await screen.findAllByRole('slider');
    if (slider) fireEvent.change(slider, { target: { value: '15' } });
    const readings = [...container.querySelectorAll('[data-reading]')].map((one) => one.textContent);
    expect(readings).toHaveLength(4);
    expect(readings.some((text) => text?.includes('80 /s') || text?.includes('/s'))).toBe(true);
    expect(readings.some((text) => text?.startsWith('failed'))).toBe(true);
  });
});

describe('the burn table', () => {
  it('says what it would have done, when, and what that cannot see', async () => {
    const { user } = showSpan({ chosen: null });
    expect(await screen.findByText(backtest.sentence)).toBeDefined();
    expect(await screen.findByText('1×, 1 h')).toBeDefined();
    const rows = await screen.findAllByRole('button', { name: /^1 h \/ 5 min, burn over time/ });
    const [first] = rows;
    if (first === undefined) throw new Error('no rule');
    await user.click(first);
    expect(first.getAttribute('aria-expanded')).toBe('true');
    expect(await screen.findByText(/, at most 31\.0×$/)).toBeDefined();
  });
});
