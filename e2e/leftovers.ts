import { type Browser, expect } from '@playwright/test';
import { ChangeList } from '../lib/change/contract';
import { waitingStates } from '../lib/change/model';
import { api } from '../lib/core/paths';
import { contextAs } from './sessions';
import { stack } from './stack';

/**
 * Ends every change that a failed journey left open, so that its second attempt, and the journeys after it, do not
 * queue behind it: what waits is cancelled, what runs is aborted.
 */
export async function endOpenChanges(browser: Browser): Promise<void> {
  const context = await contextAs(browser, 'sre');
  const open = async () => {
    const answer = await context.request.get(`${api.changes()}?state=open`);
    // A journey that takes the database away has asked for nothing since.
    return answer.ok() ? ChangeList.parse(await answer.json()).changes : [];
  };
  const ended = async () => {
    const left = await open();
    for (const { id, state } of left) {
      const command = waitingStates.some((waiting) => waiting === state) ? 'cancellation' : 'abort';
      // Refused where the change went on meanwhile or goes back already: the next look tells.
      await context.request.post(api.changeCommand(id, command), {
        data: { reason: 'The journey that asked for it has failed.' },
        headers: { 'idempotency-key': crypto.randomUUID(), origin: stack().web },
      });
    }
    return left.length;
  };
  await expect.poll(ended, { timeout: 90_000, intervals: [2_000] }).toBe(0);
  await context.close();
}
