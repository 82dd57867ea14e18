'use client';

import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { meQuery } from '@/lib/access/client';
import type { Me } from '@/lib/access/contract';
import { ConnectionBanner, TitleCount } from './banners';
import { BottomBar } from './bottom-bar';
import { EnvironmentProvider } from './environment';
import { NoticeBar } from './notice-bar';
import { Palette } from './palette';
import { Sidebar } from './sidebar';

/** The frame of every signed-in page. `me` is the server's first answer; the query keeps it current. */
export function Shell({
  me: initial,
  environment,
  children,
}: {
  me: Me;
  environment: string;
  children: ReactNode;
}) {
  const { data: me = initial } = useQuery({ ...meQuery(), initialData: initial });
  const above = me.notice !== null || me.demoTiming ? '28px' : '0px';
  return (
    <EnvironmentProvider environment={environment}>
      <div style={{ '--above': above }}>
        <a
          href="#main"
          className="-top-12 absolute left-2 z-50 rounded-control bg-surface px-3 py-2 focus:top-2"
        >
          Skip to content
        </a>
        <NoticeBar notice={me.notice} demoTiming={me.demoTiming} />
        <div className="flex max-sm:pb-16">
          <Sidebar me={me} />
          <div className="min-w-0 flex-1">
            <ConnectionBanner />
            {children}
          </div>
        </div>
        <BottomBar me={me} />
        <Palette me={me} />
        <TitleCount me={me} />
      </div>
    </EnvironmentProvider>
  );
}
