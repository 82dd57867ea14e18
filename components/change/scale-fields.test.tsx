// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { RequestPlan } from '@/lib/change/contract';
import type { Of } from './colour-fields';
import { ScaleFields } from './scale-fields';

afterEach(cleanup);

const start: Of<'scale'> = {
  ...{ kind: 'scale', service: 'api', environment: 'production', region: 'us-east-1' },
  replicas: 6,
};
function show(value: Of<'scale'>, traffic: 'service' | null = 'service') {
  const values: RequestPlan[] = [];
  render(<ScaleFields value={value} traffic={traffic} onChange={(next) => values.push(next)} error={null} />);
  return values;
}
const pods = () => screen.getByLabelText('Pods');

it('asks for no colour where there is one Deployment', () => {
  show(start, null);
  expect(screen.queryByLabelText('Colour')).toBeNull();
  expect(pods().getAttribute('min')).toBe('1');
});

it('names a colour, which alone may go to 0, and gives it up again', () => {
  const values = show(start);
  fireEvent.change(screen.getByLabelText('Colour'), { target: { value: 'green' } });
  expect(values.at(-1)).toEqual({ ...start, colour: 'green' });
  cleanup();
  const more = show({ ...start, colour: 'green' });
  expect(pods().getAttribute('min')).toBe('0');
  fireEvent.change(pods(), { target: { value: '0' } });
  expect(RequestPlan.safeParse(more.at(-1))).toMatchObject({ success: true, data: { replicas: 0 } });
  fireEvent.change(screen.getByLabelText('Colour'), { target: { value: '' } });
  expect(more.at(-1)).toEqual(start);
});

it('takes an emptied field for nothing, never for 0 pods', () => {
  const values = show({ ...start, colour: 'green' });
  fireEvent.change(pods(), { target: { value: '' } });
  expect(RequestPlan.safeParse(values.at(-1)).success).toBe(false);
  cleanup();
  show({ ...start, colour: 'green', replicas: -1 });
  expect(pods()).toHaveProperty('value', '');
});
