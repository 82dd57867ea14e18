'use client';

import { LogOut, Monitor, Moon, Sun } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { type ReactNode, useContext, useState } from 'react';
import { cx } from '@/components/ui/class-names';
import { paths } from '@/lib/core/paths';
import { keepPreference, type Theme, themeOf } from './preferences';
import { ZoneChoice } from './zone-choice';

const themeIcons = { system: Monitor, light: Sun, dark: Moon } as const;
const themeWords = { system: 'As the system', light: 'Light', dark: 'Dark' } as const;
const item =
  'flex h-8 cursor-pointer items-center gap-2 rounded-control px-2 outline-none data-highlighted:bg-raised max-sm:h-11 [&_svg]:size-4 [&_svg]:text-text-3';

function useTheme() {
  const [theme, setTheme] = useState<Theme>(() =>
    themeOf(typeof document === 'undefined' ? undefined : document.documentElement.dataset['choice']),
  );
  const choose = (next: Theme) => {
    setTheme(next);
    keepPreference('theme', next);
    const root = document.documentElement;
    root.dataset['choice'] = next;
    const light = matchMedia('(prefers-color-scheme: light)').matches;
    root.dataset['theme'] = next === 'system' ? (light ? 'light' : 'dark') : next;
  };
  return { theme, choose };
}

/** Its code is fetched when somebody leaves. */
const leave = async () => {
  const { signOut } = await import('next-auth/react');
  await signOut({ callbackUrl: paths.signIn() });
};

type PersonMenuItemsProps = { triggerClass: string; children: ReactNode };

/** The open menu and its button, which looks as the one it replaces (person-menu.tsx). */
export function PersonMenuItems({ triggerClass, children }: PersonMenuItemsProps) {
  const { theme, choose } = useTheme();
  const { zone, setZone } = useContext(ZoneChoice);
  return (
    <DropdownMenu.Root defaultOpen>
      <DropdownMenu.Trigger className={triggerClass}>{children}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          sideOffset={6}
          align="start"
          className="z-50 min-w-52 rounded-panel bg-surface p-1 shadow-float"
        >
          <DropdownMenu.Label className="px-2 py-1 text-meta text-text-3">Theme</DropdownMenu.Label>
          {(['system', 'light', 'dark'] as const).map((each) => {
            const Icon = themeIcons[each];
            return (
              <DropdownMenu.CheckboxItem
                key={each}
                checked={theme === each}
                onCheckedChange={() => choose(each)}
                className={cx(item, theme === each && 'font-medium')}
              >
                <Icon aria-hidden />
                {themeWords[each]}
              </DropdownMenu.CheckboxItem>
            );
          })}
          <DropdownMenu.Label className="px-2 pt-2 pb-1 text-meta text-text-3">Times</DropdownMenu.Label>
          {(['utc', 'local'] as const).map((each) => (
            <DropdownMenu.CheckboxItem
              key={each}
              checked={zone === each}
              onCheckedChange={() => {
                setZone(each);
                keepPreference('zone', each);
              }}
              className={cx(item, zone === each && 'font-medium')}
            >
              {each === 'utc' ? 'UTC' : 'Local time'}
            </DropdownMenu.CheckboxItem>
          ))}
          <DropdownMenu.Separator className="my-1 h-px bg-line" />
          <DropdownMenu.Item className={item} onSelect={leave}>
            <LogOut aria-hidden />
            Sign out
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
