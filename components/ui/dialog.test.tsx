// @vitest-environment jsdom
import { cleanup, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Dialog } from './dialog';

afterEach(cleanup);

/** `goes`: the button that opens it is gone once the act is done. */
function Page({ goes = false }: { goes?: boolean }) {
  const [open, setOpen] = useState(false);
  const [done, setDone] = useState(false);
  const act = () => {
    setDone(true);
    setOpen(false);
  };
  return (
    <main tabIndex={-1}>
      {goes && done ? null : (
        <button type="button" onClick={() => setOpen(true)}>
          Abort
        </button>
      )}
      {open ? (
        <Dialog
          open
          onOpenChange={setOpen}
          title="Abort the deploy"
          description="All goes back."
          action={
            <button type="button" onClick={act}>
              Go back
            </button>
          }
        />
      ) : null}
    </main>
  );
}

describe('the keyboard in a dialog', () => {
  it('begins at Cancel and returns to what opened it', async () => {
    render(<Page />);
    const user = userEvent.setup();
    await user.click(screen.getByRole('button', { name: 'Abort' }));
    await waitFor(() => expect(document.activeElement?.textContent).toBe('Cancel'));
    await user.keyboard('{Escape}');
    await waitFor(() => expect(document.activeElement?.textContent).toBe('Abort'));
  });

  it('does not move the page when it returns: a bar at the lower edge would be scrolled to its place', async () => {
    render(<Page />);
    const user = userEvent.setup();
    const opener = screen.getByRole('button', { name: 'Abort' });
    await user.click(opener);
    await waitFor(() => expect(document.activeElement?.textContent).toBe('Cancel'));
    const focused = vi.spyOn(opener, 'focus');
    await user.keyboard('{Escape}');
    await waitFor(() => expect(focused.mock.calls).toEqual([[{ preventScroll: true }]]));
  });

  it('goes on at the page where what opened it is gone', async () => {
    render(<Page goes />);
    const user = userEvent.setup();
    await user.click(screen.getByRole('button', { name: 'Abort' }));
    await user.click(await screen.findByRole('button', { name: 'Go back' }));
    await waitFor(() => expect(document.activeElement?.tagName).toBe('MAIN'));
  });
});

it('stays when somebody clicks beside it, as the second click of a double click does', async () => {
  const { baseElement } = render(<Page />);
  const user = userEvent.setup({ pointerEventsCheck: 0 });
  await user.click(screen.getByRole('button', { name: 'Abort' }));
  await waitFor(() => expect(document.activeElement?.textContent).toBe('Cancel'));
  // It listens to the page one turn of the loop after it opened.
  await new Promise((resolve) => setTimeout(resolve, 20));
  await user.click(baseElement.querySelector('.fixed.inset-0') ?? baseElement);
  await user.click(baseElement);
  expect(screen.getByRole('dialog')).toBeDefined();
  await user.click(screen.getByRole('button', { name: 'Cancel' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});
