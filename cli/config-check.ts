import { type Command, readArguments } from './command';

export const configCheck: Command = {
  summary: 'Try each source and cluster: what can be done with it, and what not',
  usage: 'signalbox config check FILE',
  run: async (args) => {
    const file = readArguments(args, configCheck.usage, {}, 1).positionals[0] ?? '';
    // The clients of the clusters take a second to load, which no other command should wait for.
    const { runCheck } = await import('./check-run');
    return runCheck(file);
  },
};
