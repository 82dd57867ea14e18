// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Button, IconButton } from './button';

afterEach(cleanup);

describe('a button', () => {
  it('acts', async () => {
    const act = vi.fn();
    render(<Button onClick={act}>Sign</Button>);
    await userEvent.click(screen.getByRole('button', { name: 'Sign' }));
    expect(act).toHaveBeenCalledTimes(1);
    expect(screen.getByRole('button').hasAttribute('aria-disabled')).toBe(false);
  });

  it('that is refused keeps its place and its focus, says why, and does not act', async () => {
    const act = vi.fn();
    render(
      <Button refusal="You asked for it." onClick={act}>
        Sign
      </Button>,
    );
    const button = screen.getByRole('button', { name: 'Sign' });
    await userEvent.click(button);
    button.focus();
    await userEvent.keyboard('{Enter} ');
    expect(act).not.toHaveBeenCalled();
    expect(document.activeElement).toBe(button);
    expect(button.getAttribute('aria-disabled')).toBe('true');
    expect(button.hasAttribute('disabled')).toBe(false);
    expect(button.getAttribute('title')).toBe('You asked for it.');
    expect(button.getAttribute('aria-description')).toBe('You asked for it.');
  });

  it('that is busy says so and does not act again', async () => {
    const act = vi.fn();
    render(
      <Button busy onClick={act}>
        Sign
      </Button>,
    );
    await userEvent.click(screen.getByRole('button'));
    expect(act).not.toHaveBeenCalled();
    expect(screen.getByRole('button').getAttribute('aria-busy')).toBe('true');
  });

  it('that is refused does not send its form', async () => {
    const send = vi.fn((event: { preventDefault: () => void }) => event.preventDefault());
    render(
      <form onSubmit={send}>
        <Button type="submit" refusal="Say why first.">
          Send
        </Button>
      </form>,
    );
    await userEvent.click(screen.getByRole('button'));
    expect(send).not.toHaveBeenCalled();
  });

  it.each([null, undefined, ''])('is not refused by %j', (refusal) => {
    render(<Button refusal={refusal}>Sign</Button>);
    expect(screen.getByRole('button').hasAttribute('aria-disabled')).toBe(false);
  });

  it('with only a picture has a name', () => {
    render(<IconButton label="Close">×</IconButton>);
    expect(screen.getByRole('button', { name: 'Close' }).getAttribute('title')).toBe('Close');
  });
});
