// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { ReasonDialog } from './reason-dialog';

afterEach(cleanup);

function show(more: Partial<Parameters<typeof ReasonDialog>[0]> = {}) {
  const onSubmit = vi.fn();
  const words = { title: 'Cancel Restore Shop', consequence: 'The request ends.', verb: 'Cancel request' };
  const rest = { open: true, busy: false, problem: null, onClose: vi.fn(), onSubmit };
  render(<ReasonDialog {...words} {...rest} {...more} />);
  return { onSubmit, user: userEvent.setup() };
}

it('says in words what is missing, for there is no tooltip under a finger', async () => {
  const { user } = show();
  expect(screen.getByText('Say why first.')).toBeDefined();
  await user.type(screen.getByLabelText('Reason'), 'It is not needed.');
  expect(screen.queryByText('Say why first.')).toBeNull();
});

it('leaves what to type to the hint of its field, and tells a wrong name', async () => {
  const { user, onSubmit } = show({ typedName: 'shop-api', optional: true });
  expect(screen.queryByText(/^Type the name of the service first/)).toBeNull();
  await user.type(screen.getByLabelText('Name of the service'), 'shop');
  expect(screen.getByText('What was typed is not the name of the service: shop-api.')).toBeDefined();
  await user.click(screen.getByRole('button', { name: 'Cancel request' }));
  expect(onSubmit).not.toHaveBeenCalled();
  await user.type(screen.getByLabelText('Name of the service'), '-api');
  await user.click(screen.getByRole('button', { name: 'Cancel request' }));
  expect(onSubmit).toHaveBeenCalledWith('', 'shop-api');
});

it('has one button alone that says Cancel where the act is to cancel', () => {
  show({ dismiss: 'Keep the request' });
  expect(screen.getAllByRole('button').map(({ textContent }) => textContent)).toEqual([
    'Keep the request',
    'Cancel request',
  ]);
});

it('asks for what is no reason by its name', () => {
  show({ label: 'What you found' });
  expect(screen.getByLabelText('What you found')).toBeDefined();
  expect(screen.getByText('What you found: say it first.')).toBeDefined();
});
