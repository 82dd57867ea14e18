import { SegmentedLinks } from '@/components/ui/segmented';

type ChoiceProps = {
  label: string;
  all: string;
  allKey?: string;
  current: string;
  items: { key: string; label: string }[];
  href: (key: string) => string;
};

/** One filter of a list: all, or one of its values; the choice is the address. */
export const Choice = ({ label, all, allKey = '', current, items, href }: ChoiceProps) => (
  <div className="max-w-full overflow-x-auto whitespace-nowrap">
    <SegmentedLinks
      label={label}
      current={current}
      items={[{ key: allKey, label: all }, ...items].map((item) => ({ ...item, href: href(item.key) }))}
    />
  </div>
);
