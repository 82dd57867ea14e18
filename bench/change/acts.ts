import { setTimeout as sleep } from 'node:timers/promises';
import { ChangeView, PlanView, RequestedChange, RequestedPlan } from '@/lib/change/contract';
import { changeNumber } from '@/lib/core/ids';
import { api } from '@/lib/core/paths';
import { get, post } from '../clients/client';
import { cluster, namespaceOf, serviceOf, workload } from './config';
import type { World } from './world';

const waitSeconds = 120;

/** Asks again and again until there is an answer; throws with what was waited for. */
export async function eventually<T>(what: string, ask: () => Promise<T | null> | T | null): Promise<T> {
  const endsAt = performance.now() + waitSeconds * 1000;
  while (performance.now() < endsAt) {
    const found = await ask();
    if (found !== null) return found;
    await sleep(10);
  }
  throw new Error(`Waited ${waitSeconds} s in vain for ${what}.`);
}

export type Asked = { id: string; number: number; index: number; planHash: string };

/** An SRE asks for a version of a service through the web process, up to the missing sign-off. */
export async function ask({ people: { sre } }: World, index: number, version: string): Promise<Asked> {
  const place = { service: serviceOf(index), environment: 'production', region: cluster };
  const wish = { kind: 'deploy', ...place, version };
  const { id: planId } = RequestedPlan.parse(await post(sre, api.plans(), wish));
  const planHash = await eventually(`the plan of ${place.service}`, async () => {
    const plan = PlanView.parse((await get(sre, api.plan(planId))).body);
    if (plan.state === 'failed') throw new Error(`No plan for ${place.service}: ${JSON.stringify(plan)}`);
    return plan.planHash;
  });
  const reason = 'A measurement of the engine, asked for by nobody.';
  const { id } = RequestedChange.parse(await post(sre, api.changes(), { planId, planHash, reason }));
  return { id, number: changeNumber(id), index, planHash };
}

/** The last sign-off; the moment of the click, milliseconds since the epoch. */
export async function sign({ people: { lead } }: World, { id, planHash }: Asked): Promise<number> {
  const at = Date.now();
  await post(lead, api.changeCommand(id, 'sign-offs'), { role: 'engineering_lead', planHash });
  return at;
}

/** Abort, at any time while the change runs or is watched; the moment of the click. */
export async function abort({ people: { sre } }: World, { id }: Asked): Promise<number> {
  const at = Date.now();
  await post(sre, api.changeCommand(id, 'abort'), { reason: 'A measurement of the way back.' });
  return at;
}

/** When the API server took the first write since a moment that brings this version to the service. */
export const written = ({ cluster: { writeLog } }: World, index: number, version: string, sinceMs: number) =>
  eventually(`a write of ${version} to ${serviceOf(index)}`, () => {
    const found = writeLog
      .since()
      .find(
        (entry) =>
          entry.atMs >= sinceMs &&
          entry.method === 'PATCH' &&
          !entry.dryRun &&
          entry.status < 300 &&
          entry.name === workload &&
          entry.namespace === namespaceOf(index) &&
          JSON.stringify(entry.body).includes(`:${version}"`),
      );
    return found?.atMs ?? null;
  });

export const reaches = ({ db }: World, { id, number }: Asked, ...states: string[]) =>
  eventually(`${id} to be ${states.join(' or ')}`, async () => {
    const { state } = await db.change.findUniqueOrThrow({ where: { number }, select: { state: true } });
    return states.includes(state) ? state : null;
  });

export const view = async ({ people: { sre } }: World, { id }: Asked) =>
  ChangeView.parse((await get(sre, api.change(id))).body);
