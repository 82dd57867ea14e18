import { answerPlan, failPlan } from '@/lib/change/plan/answer-plan';
import { logger } from '@/lib/core/log';
import type { Job } from '../job';

/** Plans are waited for by a person: at once when asked, else every 5 s. */
export const answerPlans: Job = {
  name: 'answer-plans',
  everySeconds: 5,
  topics: ['plan', 'connected'],
  run: async (context) => {
    const pending = await context.db.planRequest.findMany({
      where: { state: 'pending' },
      select: { id: true },
      orderBy: { createdAt: 'asc' },
      take: 20,
    });
    await Promise.all(
      pending.map(async ({ id }) => {
        try {
          await answerPlan(context, id);
        } catch (error) {
          logger('worker').error({ plan: id, err: error }, 'a plan could not be made');
          await failPlan(context, id);
        }
      }),
    );
  },
};
