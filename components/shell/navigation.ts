import {
  Activity,
  Boxes,
  FileCheck2,
  Globe,
  LayoutGrid,
  type LucideIcon,
  ScrollText,
  ServerCog,
  ShieldCheck,
  Split,
} from 'lucide-react';
import { paths } from '@/lib/core/paths';

export type NavigationEntry = {
  label: string;
  href: string;
  icon: LucideIcon;
  /** The second key of the `g …` shortcut. */
  key: string;
  count?: 'approvals' | 'running';
  /** Shown in the bottom bar of a phone. */
  phone?: boolean;
};

/** Every entry leads to a page that exists. */
export const navigation: { group: string | null; entries: NavigationEntry[] }[] = [
  {
    group: null,
    entries: [
      { label: 'Overview', href: paths.overview(), icon: LayoutGrid, key: 'o', phone: true },
      { label: 'Services', href: paths.services(), icon: ServerCog, key: 's' },
      { label: 'SLOs', href: paths.slos(), icon: Activity, key: 'b' },
      { label: 'Logs', href: paths.logs(), icon: ScrollText, key: 'l', phone: true },
    ],
  },
  {
    group: 'Changes',
    entries: [
      { label: 'Changes', href: paths.changes(), icon: Split, key: 'c', count: 'running', phone: true },
      {
        label: 'Approvals',
        href: paths.approvals(),
        icon: FileCheck2,
        key: 'a',
        count: 'approvals',
        phone: true,
      },
      // The timeline of the overview draws this picture too: another one would be more for every page to load.
      { label: 'Backups', href: paths.backups(), icon: Boxes, key: 'k' },
    ],
  },
  {
    group: 'Response',
    entries: [{ label: 'Status page', href: paths.statusAdmin(), icon: Globe, key: 'p' }],
  },
  {
    group: 'Record',
    entries: [{ label: 'Audit', href: paths.audit(), icon: ShieldCheck, key: 'i' }],
  },
];

export const allEntries = navigation.flatMap((group) => group.entries);

/** The entry a path belongs to: the longest that it starts with. */
export function currentEntry(pathname: string): NavigationEntry | undefined {
  return allEntries
    .filter((entry) => (entry.href === '/' ? pathname === '/' : pathname.startsWith(entry.href)))
    .sort((a, b) => b.href.length - a.href.length)[0];
}
