import 'server-only';
import { stringify } from 'yaml';
import type { Caller } from '@/lib/access/model';
import type { Config } from '@/lib/config/schema';
import { serviceOf } from '@/lib/service/placements';
import { sloDocument } from '../define/openslo-export';
import { requireSlo } from '../ledger/allowed';
import { sloPageView } from '../page/view';
import type { ExportQuery } from './contract';
import { csvOf, figuresOf } from './figures';

export type Exported = { text: string; type: string; name: string };

/** The figures of a page, or the objective itself, as a file. Throws OpsError `not-found`. */
export async function exportSlo(
  config: Config,
  ask: ExportQuery & { slo: string },
  reader: Caller,
): Promise<Exported> {
  const { slo, environment } = requireSlo(config, ask.slo, ask.environment);
  const name = `${slo.id}-${environment}`;
  if (ask.format === 'openslo') {
    const { document, said } = sloDocument(serviceOf(config, slo.service), slo, environment);
    // What another reader of the document would take differently stands in it, where that reader sees it.
    const notes = said.map((words) => `# ${words}\n`).join('');
    return {
      text: `${notes}${stringify(document, { lineWidth: 0 })}`,
      type: 'application/yaml; charset=utf-8',
      name: `${name}.openslo.yaml`,
    };
  }
  const page = await sloPageView(config, { ...ask, environment }, reader);
  const day = new Date(page.row.window.to * 1000).toISOString().slice(0, 10);
  return ask.format === 'csv'
    ? { text: csvOf(figuresOf(page)), type: 'text/csv; charset=utf-8', name: `${name}-${day}.csv` }
    : {
        text: `${JSON.stringify(page, null, 2)}\n`,
        type: 'application/json; charset=utf-8',
        name: `${name}-${day}.json`,
      };
}
