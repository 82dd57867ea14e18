import { type ScenarioName, scenarioNames, scenarioTexts } from '../scenarios/names';

/** One line of 28 px to be framed by the console's notice: shows the scenario and switches it. */
export function bannerPage(options: { scenario: ScenarioName; theme: string | null; nonce: string }): string {
  const { scenario, nonce } = options;
  const scheme = options.theme === 'dark' || options.theme === 'light' ? options.theme : 'light dark';
  const choices = scenarioNames
    .map((name) => {
      const chosen = name === scenario ? ' selected' : '';
      return `<option value="${name}"${chosen}>${name}</option>`;
    })
    .join('');
  const texts = JSON.stringify(scenarioTexts).replaceAll('<', '\\u003c');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Scenario of the pretend production</title>
<meta name="color-scheme" content="${scheme}">
<style nonce="${nonce}">
:root { color-scheme: ${scheme}; }
* { box-sizing: border-box; }
body { margin: 0; height: 28px; display: flex; align-items: center; gap: 8px; padding: 0 8px; overflow: hidden;
  white-space: nowrap; font: 12px/1 ui-sans-serif, system-ui, sans-serif; background: transparent;
  color: light-dark(#3f3f46, #d4d4d8); }
label { font-weight: 600; }
select, button { font: inherit; height: 22px; padding: 0 6px; border-radius: 4px; cursor: pointer;
  color: light-dark(#18181b, #fafafa); background: light-dark(#ffffff, #27272a);
  border: 1px solid light-dark(#a1a1aa, #71717a); }
select:focus-visible, button:focus-visible { outline: 2px solid light-dark(#1d4ed8, #93c5fd); outline-offset: 0; }
output { overflow: hidden; text-overflow: ellipsis; }
</style></head>
<body><label for="scenario">Scenario</label>
<select id="scenario">${choices}</select>
<button id="calm" type="button">Back to calm</button>
<output id="text" for="scenario">${scenarioTexts[scenario]}</output>
<script nonce="${nonce}">
const texts = ${texts};
const select = document.getElementById('scenario');
const text = document.getElementById('text');
const calm = document.getElementById('calm');
function show(name) { select.value = name; text.value = texts[name]; calm.hidden = name === 'calm'; }
async function play(name) {
  try {
    const answer = await fetch('/scenario', { method: 'POST', headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name }) });
    if (!answer.ok) throw new Error((await answer.json()).error);
    show(name);
  } catch (error) { text.value = 'Not switched: ' + error.message; }
}
select.addEventListener('change', () => play(select.value));
calm.addEventListener('click', () => play('calm'));
setInterval(async () => {
  try { show((await (await fetch('/scenario')).json()).name); } catch { text.value = 'The pretend production does not answer.'; }
}, 5000);
show(select.value);
</script></body></html>
`;
}
