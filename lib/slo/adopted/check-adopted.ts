import 'server-only';
import type { Config } from '@/lib/config/schema';
import { messageOf } from '@/lib/core/errors';
import type { SloFinding } from '../define/check';
import { type Found, readAdopted } from '../define/read-adopted';
import { configuredAs } from './identity';
import { toolNames } from './words';

/** At most so many names in a line for people. */
const mostNames = 8;

/** What rules of other tools each Prometheus holds: nothing to mend, but to know. Servers without any are not told of. */
export async function checkAdopted(config: Config): Promise<SloFinding[]> {
  const findings = await Promise.all(
    config.sources.prometheus.map(async (source): Promise<SloFinding[]> => {
      const subject = `Rules in Prometheus ${source.id}`;
      try {
        const { found } = await readAdopted(source);
        return found.length === 0 ? [] : sayFound(config, subject, found);
      } catch (error) {
        // That the server cannot be asked is told where the sources are tried.
        return [{ state: 'note', subject, says: `cannot be looked through: ${messageOf(error)}` }];
      }
    }),
  );
  return findings.flat();
}

const listed = (names: readonly string[]): string =>
  names.length <= mostNames
    ? names.join(', ')
    : `${names.slice(0, mostNames).join(', ')} and ${names.length - mostNames} more`;

function sayFound(config: Config, subject: string, found: readonly Found[]): SloFinding[] {
  const isConfigured = (one: Found): boolean => configuredAs(config, config.slos, one) !== null;
  const nameOf = ({ tool, key, name }: Found): string =>
    `${tool === 'sloth' ? key : name} (${toolNames[tool]})`;
  const shown = found.filter((one) => !isConfigured(one)).map(nameOf);
  const hidden = found.filter(isConfigured).map(nameOf);
  const notes = [
    ...(shown.length === 0
      ? []
      : [
          `${shown.length} ${shown.length === 1 ? 'objective is' : 'objectives are'} recorded here and shown without configuration: ${listed(shown)}.`,
        ]),
    ...(hidden.length === 0 ? [] : [`configured under the same name, so only counted: ${listed(hidden)}.`]),
  ];
  return notes.map((says) => ({ state: 'note', subject, says }));
}
