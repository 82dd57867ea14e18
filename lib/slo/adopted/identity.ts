import type { Config } from '@/lib/config/schema';
import type { Slo } from '@/lib/config/slo';
import type { Adopted } from '../define/adopt';

/** A name of another tool as an id of ours. */
export const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .slice(0, 63)
    .replaceAll(/^-+|-+$/g, '');

type Named = Pick<Adopted, 'tool' | 'key' | 'name' | 'service'>;

/**
 * The objective of the configuration that is the same one. Letters, digits and dashes are compared, without case:
 * its id is Sloth's sloth_id or Pyrra's slo; or both are of one service and its id or name is the other's name, with
 * or without the service before it. Figures, labels and queries are not compared: what somebody named alike is meant
 * to be the same.
 */
export function configuredAs(config: Config, slos: readonly Slo[], found: Named): Slo | null {
  const name = slugOf(found.name);
  const key = found.tool === 'sloth' ? slugOf(found.key) : name;
  const service = slugOf(found.service ?? '');
  return (
    slos.find((slo) => {
      if (slo.id === key) return true;
      const owner = config.services.find(({ id }) => id === slo.service);
      const isService = service !== '' && [slo.service, slugOf(owner?.name ?? '')].includes(service);
      return (
        isService &&
        [slo.id, slugOf(slo.name)].some((own) => own === name || own === `${slo.service}-${name}`)
      );
    }) ?? null
  );
}
