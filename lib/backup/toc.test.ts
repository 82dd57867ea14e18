import { expect, test } from 'vitest';
import type { Catalog } from './catalog';
import { compareToc, parseToc } from './toc';

const listing = `;
; Archive created at 2026-11-22 00:10:00 UTC
;     dbname: shop
;     TOC Entries: 31
;     Compression: -1
;     Format: CUSTOM
;     Dumped from database version: 15.18 (Debian 15.18-0+deb12u1)
;     Dumped by pg_dump version: 15.20
;
;
; Selected TOC Entries:
;
6; 2615 16385 SCHEMA - sales signalbox
215; 1259 16389 TABLE sales order line signalbox
3421; 0 16389 TABLE DATA sales order line signalbox
218; 1259 16400 TABLE sales event signalbox
219; 1259 16405 TABLE sales event_2026 signalbox
3300; 0 0 TABLE ATTACH sales event_2026 signalbox
3422; 0 16405 TABLE DATA sales event_2026 signalbox
214; 1259 16388 SEQUENCE sales order_id_seq signalbox
3430; 0 0 SEQUENCE OWNED BY sales order_id_seq signalbox
3431; 0 0 SEQUENCE SET sales order_id_seq signalbox
3270; 2606 16394 CONSTRAINT sales order line order line_pkey signalbox
3271; 1259 16410 INDEX sales event_at_idx signalbox
3272; 1259 16411 INDEX sales event_2026_at_idx signalbox
3273; 0 0 INDEX ATTACH sales event_2026_at_idx signalbox
3280; 2606 16395 FK CONSTRAINT sales order line order line_customer_fkey signalbox
`;
const catalog: Catalog = {
  database: 'shop',
  systemIdentifier: '7',
  serverVersion: '15.18',
  serverMajor: 15,
  databaseBytes: 1,
  entries: [
    'SEQUENCE sales order_id_seq signalbox',
    'TABLE sales order line signalbox',
    'TABLE sales event signalbox',
    'TABLE sales event_2026 signalbox',
    'TABLE DATA sales order line signalbox',
    'TABLE DATA sales event_2026 signalbox',
  ],
  counts: { INDEX: 2, CONSTRAINT: 1, 'FK CONSTRAINT': 1 },
  invalidConstraints: [],
  constraints: 2,
  extensions: [],
  rows: [],
};
const versions = { server: '15.18', dump: '15.20' };
const wrong = (text: string, known = catalog) =>
  compareToc(parseToc(text), known, versions).flatMap(({ what, isRight }) =>
    isRight === false ? [what] : [],
  );

test('a list that is that of the catalog is right in everything', () => {
  expect(wrong(listing)).toEqual([]);
  expect(parseToc(listing)).toMatchObject({ tocEntries: 31, serverVersion: '15.18', dumpVersion: '15.20' });
});

test.each([
  ['another database', listing.replace('dbname: shop', 'dbname: shop_old'), ['Database']],
  ['another server', listing.replace('version: 15.18', 'version: 14.2'), ['Version of the server']],
  ['no data of a table', listing.replace(/^3422;.*\n/m, ''), ['Entries that are missing']],
  ['a table less', listing.replace(/^218;.*\n/m, ''), ['Tables', 'Entries that are missing']],
  [
    'a table more',
    `${listing}9; 1259 1 TABLE public extra signalbox\n`,
    ['Tables', 'Entries that are strange'],
  ],
  ['an index less', listing.replace(/^3271;.*\n/m, ''), ['Entries INDEX']],
  ['a foreign key less', listing.replace(/^3280;.*\n/m, ''), ['Entries FK CONSTRAINT']],
  [
    'another owner',
    listing.replace('TABLE sales event signalbox', 'TABLE sales event mallory'),
    ['Entries that are missing', 'Entries that are strange'],
  ],
])('%s is seen', (_, text, expected) => {
  expect(wrong(text)).toEqual(expected);
});

test('data of tables of an extension are no strangers', () => {
  const more = `${listing}9; 0 1 TABLE DATA public spatial_ref_sys signalbox\n`;
  expect(wrong(more)).toEqual(['Entries that are strange']);
  expect(wrong(more, { ...catalog, extensions: ['postgis'] })).toEqual([]);
});
