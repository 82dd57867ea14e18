import { loadConfig } from '@/lib/config/load';
import { env } from '@/lib/core/env';
import { gateText } from '@/lib/slo/gate/gate-text';
import { type GateVerdict, gateActions } from '@/lib/slo/gate/model';
import { gateViewNow } from '@/lib/slo/gate/view';
import { type Command, readArguments, UsageError } from './command';
import { withDatabase } from './connect';

/** 1 and 2 are taken: no answer, and called wrongly. */
const exitCodes: Record<GateVerdict, number> = { open: 0, 'sign-offs': 3, closed: 4 };

export const gate: Command = {
  summary:
    'Whether the error budget lets a deploy, or a traffic shift, go its usual way. Exit code 0: open, 3: it needs more sign-offs, 4: closed, 1: no answer',
  usage: 'signalbox gate SERVICE [--environment NAME] [--action deploy|shift|rollback] [--json]',
  run: async (args) => {
    const options = {
      environment: { type: 'string' },
      action: { type: 'string', default: 'deploy' },
      json: { type: 'boolean' },
    } as const;
    const { positionals, values } = readArguments(args, gate.usage, options, 1);
    const action = gateActions.find((one) => one === values.action);
    if (action === undefined) throw new UsageError(`There is no action ${values.action}.`, gate.usage);
    const config = loadConfig(env().SIGNALBOX_CONFIG);
    const [service = ''] = positionals;
    const asked = { service, environment: values.environment, action };
    const answer = await withDatabase((db) => gateViewNow(db, config, asked));
    process.stdout.write(values.json === true ? `${JSON.stringify(answer, null, 2)}\n` : gateText(answer));
    return exitCodes[answer.verdict];
  },
};
