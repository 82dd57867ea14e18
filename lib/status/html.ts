import type { ComponentState, PublishedStatus, StatusMessageView } from './contract';
import { stateNames } from './measure';

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (char) => entities[char] ?? char);

/** Shape and word beside the colour: no state is told by colour alone. */
const marks: Record<ComponentState, string> = {
  operational: '●',
  degraded_performance: '◐',
  partial_outage: '▲',
  major_outage: '■',
  under_maintenance: '◆',
  unknown: '○',
};

const style = `
:root{color-scheme:light dark;--bg:#fbfbfa;--fg:#1c1e21;--soft:#5a6068;--line:#dfe1e4;
--operational:#177245;--degraded_performance:#8a5a00;--partial_outage:#b34700;--major_outage:#b3261e;--under_maintenance:#2b5fad;--unknown:#666c75}
@media(prefers-color-scheme:dark){:root{--bg:#14161a;--fg:#e8eaed;--soft:#a3a9b3;--line:#2c3037;
--operational:#4cc38a;--degraded_performance:#e0a83a;--partial_outage:#f08c4b;--major_outage:#f2736b;--under_maintenance:#7fb0f5;--unknown:#9aa1ab}}
*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,sans-serif}
main{max-width:56rem;margin:0 auto;padding:2rem 1rem}h1{font-size:1.25rem;margin:0 0 1rem}h2{font-size:1rem;margin:2rem 0 .5rem}h3{font-size:1rem;margin:0}
.overall{font-size:1.5rem;font-weight:600;margin:0}.soft{color:var(--soft);font-size:.875rem}
ul{list-style:none;margin:0;padding:0}li.component{border-top:1px solid var(--line);padding:.75rem 0}
.row{display:flex;justify-content:space-between;gap:1rem;flex-wrap:wrap}.bars{display:flex;gap:1px;height:1.5rem;margin-top:.5rem}
.bars span{flex:1;min-width:1px;background:var(--line)}article{border-left:3px solid var(--line);padding:0 0 0 1rem;margin:1rem 0}
p{margin:.25rem 0;overflow-wrap:anywhere}
${Object.keys(marks)
  .map((state) => `.s-${state}{color:var(--${state})}.bars .b-${state}{background:var(--${state})}`)
  .join('\n')}`;

const time = (iso: string): string =>
  `<time datetime="${escapeHtml(iso)}">${escapeHtml(iso.slice(0, 16).replace('T', ' '))} UTC</time>`;

const label = (state: ComponentState): string =>
  `<span class="s-${state}"><span aria-hidden="true">${marks[state]}</span> ${stateNames[state]}</span>`;

function component(one: PublishedStatus['components'][number]): string {
  const bars = one.days.map(({ worst }) => `<span class="b-${worst ?? 'none'}"></span>`).join('');
  const uptime =
    one.uptime === null
      ? 'Not measured yet'
      : `${(Math.floor(one.uptime * 100_000) / 1000).toFixed(3)} % of the measured time without an outage in 90 days`;
  return `<li class="component"><div class="row"><h3>${escapeHtml(one.name)}</h3>${label(one.state)}</div>
<div class="bars" role="img" aria-label="${escapeHtml(uptime)}">${bars}</div><p class="soft">${escapeHtml(uptime)}</p></li>`;
}

function message(one: StatusMessageView): string {
  const updates = one.updates
    .map(({ state, at, body }) => {
      const lines = escapeHtml(body).replaceAll('\n', '<br>');
      return `<p><b>${escapeHtml(state)}</b> <span class="soft">${time(at)}</span><br>${lines}</p>`;
    })
    .join('\n');
  return `<article id="${escapeHtml(one.id)}"><h3>${escapeHtml(one.title)}</h3>
<p class="soft">Impact: ${escapeHtml(one.impact)}</p>${updates}</article>`;
}

/** The page as one file without scripts, for a host that has nothing of ours. Every text is escaped. */
export function pageOf(status: PublishedStatus): string {
  const title = escapeHtml(status.title);
  const active = status.active.map(message).join('\n');
  const past = status.past.map(message).join('\n');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="refresh" content="60"><title>${title}</title>
<link rel="alternate" type="application/atom+xml" href="feed.xml" title="${title}"><style>${style}</style></head>
<body><main><h1>${title}</h1><p class="overall">${label(status.overall)}</p><p>${escapeHtml(status.sentence)}</p>
<p class="soft">As of ${time(status.publishedAt)}${status.demoTiming ? ' · demo timing' : ''}</p>
${active === '' ? '' : `<h2>Now</h2>\n${active}`}
<h2>Components</h2><ul>${status.components.map(component).join('\n')}</ul>
<h2>Earlier</h2>${past === '' ? '<p class="soft">Nothing was reported.</p>' : past}
<p class="soft"><a href="feed.xml">Feed</a> · <a href="summary.json">JSON</a></p></main></body></html>
`;
}
