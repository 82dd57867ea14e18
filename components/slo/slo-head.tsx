import Link from 'next/link';
import { Chip } from '@/components/ui/chip';
import { SegmentedLinks } from '@/components/ui/segmented';
import { StateBadge, StateGlyph, toneText } from '@/components/ui/state';
import { paths } from '@/lib/core/paths';
import type { SloPage } from '@/lib/slo/page/contract';
import { FillProgress } from './data-text';
import { GateLine } from './gate-line';
import { type PageChoice, pageQueryParts } from './page-url';
import { wordText, wordTone } from './words';

/** What the objective is, how it stands in one sentence, and how its budget is looked at. */
export function SloHead({ page, choice }: { page: SloPage; choice: PageChoice }) {
  const { row, sentence, definition } = page;
  const tone = wordTone[sentence.word];
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="font-medium text-page">{row.name}</h1>
        <Chip>{row.environment}</Chip>
        <StateBadge tone={wordTone[row.word]}>{wordText[row.word]}</StateBadge>
        <Link href={paths.service(row.service)} className="text-accent hover:underline">
          {row.serviceName}
        </Link>
        {row.owner === '' ? null : <span className="text-text-3">{row.owner}</span>}
        <Choices page={page} choice={choice} />
      </div>
      <p className="mt-2 text-pretty font-medium text-judgement tracking-tight">
        <StateGlyph tone={tone} className="-mt-0.5 mr-1.5 inline-block" />
        <b className={tone === 'ok' ? 'font-semibold' : `font-semibold ${toneText[tone]}`}>{sentence.lead}</b>{' '}
        {sentence.rest}
      </p>
      <p className="mt-1 max-w-[92ch] text-text-2">{definition.words}</p>
      <FillProgress progress={row.progress} />
      <GateLine service={row.service} environment={row.environment} />
    </>
  );
}

function Choices({ page: { row, exclusions }, choice }: { page: SloPage; choice: PageChoice }) {
  const href = (change: Partial<PageChoice>) => paths.slo(row.id, pageQueryParts({ ...choice, ...change }));
  return (
    <div className="ml-auto flex flex-wrap gap-2 max-sm:ml-0">
      {exclusions.count > 0 || choice.exclusions === 'off' ? (
        <SegmentedLinks
          label="Exclusions"
          current={choice.exclusions}
          items={[
            { key: 'on', label: 'Without exclusions', href: href({ exclusions: 'on' }) },
            { key: 'off', label: 'All counted', href: href({ exclusions: 'off' }) },
          ]}
        />
      ) : null}
      <SegmentedLinks
        label="Budget"
        current={choice.mode}
        items={[
          { key: 'fixed', label: 'Fixed', href: href({ mode: 'fixed' }) },
          { key: 'rolling', label: 'Rolling', href: href({ mode: 'rolling' }) },
        ]}
      />
    </div>
  );
}
