// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it } from 'vitest';
import { PlanTextKeeper, usePlanText } from './plan-text';

afterEach(cleanup);

function Form() {
  const [text, setText] = usePlanText();
  return (
    <>
      <input
        aria-label="Reason"
        value={text.reason}
        onChange={({ target }) => setText({ ...text, reason: target.value })}
      />
      <input
        aria-label="Name"
        value={text.confirmedName ?? ''}
        onChange={({ target }) => setText({ ...text, confirmedName: target.value })}
      />
    </>
  );
}
const page = (kind: string) => (
  <PlanTextKeeper>
    <Form key={kind} />
  </PlanTextKeeper>
);
const value = (label: string) => screen.getByLabelText<HTMLInputElement>(label).value;

it('keeps the reason when another kind of change is chosen, and forgets the typed name', async () => {
  const user = userEvent.setup();
  const { rerender } = render(page('restore'));
  await user.type(screen.getByLabelText('Reason'), 'Rows are gone');
  await user.type(screen.getByLabelText('Name'), 'shop-api');
  expect([value('Reason'), value('Name')]).toEqual(['Rows are gone', 'shop-api']);
  rerender(page('deploy'));
  expect([value('Reason'), value('Name')]).toEqual(['Rows are gone', '']);
});

it('works alone too', async () => {
  render(<Form />);
  await userEvent.setup().type(screen.getByLabelText('Reason'), 'Why');
  expect(value('Reason')).toBe('Why');
});
