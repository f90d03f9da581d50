// One link: its fields, its versions through time, and what can be done with them.
import { html, useCallback, useEffect, useState } from './html.js';
import { call } from '../api.js';
import { dateOf, isBusy, jobText, Problem, TagInput, useAttempt, viewAddress } from './parts.js';
import { address } from './place.js';
import { bytes, dateTime, number, t } from './words.js';

function Fields({ link, attempt, onSaved }) {
  const [fields, setFields] = useState({ url: link.url, title: link.title, description: link.description, notes: link.notes, tags: link.tags, engine: link.engine, schedule: link.schedule ?? '' });
  const set = (name) => (event) => setFields({ ...fields, [name]: event.target.value });
  const save = (event) => {
    event.preventDefault();
    const changed = Object.fromEntries(Object.entries(fields).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(link[name] ?? '')));
    return attempt(async () => onSaved(await call('PATCH', `links/${link.id}`, changed)));
  };
  const text = (name, rows) => html`<label for="link-${name}">${t(name)}</label>
    ${rows ? html`<textarea id="link-${name}" rows=${rows} value=${fields[name]} onInput=${set(name)}></textarea>` : html`<input id="link-${name}" value=${fields[name]} onInput=${set(name)} autocomplete="off" />`}`;
  return html`<form class="fields" onSubmit=${save}>
    ${text('url')} ${text('title')} ${text('description', 2)} ${text('notes', 4)}
    <label for="link-tags">${t('tags')}</label>
    <${TagInput} id="link-tags" tags=${fields.tags} onChange=${(tags) => setFields((before) => ({ ...before, tags }))} />
    <label for="link-engine">${t('engine')}</label>
    <select id="link-engine" value=${fields.engine} onChange=${set('engine')}>${['auto', 'http', 'browser'].map((name) => html`<option value=${name} key=${name}>${t(`engine.${name}`)}</option>`)}</select>
    <label for="link-schedule">${t('schedule')}</label>
    <select id="link-schedule" value=${fields.schedule} onChange=${set('schedule')}>
      ${[...new Set(['', '1d', '7d', '30d', fields.schedule])].map((every) => html`<option value=${every} key=${every}>${every === '' ? t('schedule.none') : t('schedule.every', { every })}</option>`)}
    </select>
    <span></span><div><button class="main">${t('save')}</button></div>
  </form>`;
}

/** Versions by time: one mark each, higher where more was captured. */
function Timeline({ snapshots }) {
  if (snapshots.length < 2) return null;
  const times = snapshots.map((one) => dateOf(one.timestamp).getTime());
  const first = Math.min(...times);
  const span = Math.max(1, Math.max(...times) - first);
  const most = Math.max(1, ...snapshots.map((one) => one.bytes));
  return html`<svg class="timeline" viewBox="0 0 1000 40" role="img" aria-label=${t('timeline', { count: snapshots.length })}>
    <line x1="0" x2="1000" y1="39" y2="39" />
    ${snapshots.map((one, at) => html`<a href=${viewAddress(one.replay_path)} key=${one.timestamp}><title>${dateTime(dateOf(one.timestamp))}</title>
      <rect x=${5 + (980 * (times[at] - first)) / span} width="8" y=${34 - (30 * one.bytes) / most} height=${6 + (30 * one.bytes) / most} /></a>`)}
  </svg>`;
}

function Versions({ link, snapshots, attempt, reload }) {
  const [from, to] = [snapshots[1], snapshots[0]];
  const [pair, setPair] = useState([]);
  const choose = (timestamp) => setPair((before) => (before.includes(timestamp) ? before.filter((one) => one !== timestamp) : [...before.slice(-1), timestamp]));
  const [older, newer] = pair.length === 2 ? [...pair].sort() : [from?.timestamp, to?.timestamp];
  const remove = (one) => confirm(t('snapshot.remove_confirm')) && attempt(() => call('DELETE', `links/${link.id}/snapshots/${one.timestamp}`).then(reload));
  if (snapshots.length === 0) return html`<p class="empty">${t('snapshot.none')}</p>`;
  return html`<${Timeline} snapshots=${snapshots} />
    ${snapshots.length > 1 ? html`<p><a class="button" href=${`view/${to.collection ?? 'web'}/diff/${older}/${newer}/${to.url.replaceAll('#', '%23')}`}>${t('compare')}</a> ${t('compare.hint')}</p>` : null}
    <div class="scroll"><table>
      <thead><tr><th>${t('compare')}</th><th>${t('snapshot')}</th><th>${t('status')}</th><th>${t('engine')}</th><th>${t('parts')}</th><th>${t('missing')}</th><th>${t('size')}</th><th><span class="hidden">${t('actions')}</span></th></tr></thead>
      <tbody>${snapshots.map((one) => {
        const date = dateTime(dateOf(one.timestamp));
        return html`<tr key=${one.timestamp}>
          <td><input type="checkbox" checked=${pair.includes(one.timestamp)} aria-label=${t('compare.choose', { date })} onChange=${() => choose(one.timestamp)} /></td>
          <td><a href=${viewAddress(one.replay_path)}>${date}</a></td>
          <td>${one.status || ''}</td><td>${one.engine}</td><td>${number(one.resources)}</td><td>${one.missed ? html`<span class="badge broken">${number(one.missed)}</span>` : '0'}</td><td>${bytes(one.bytes)}</td>
          <td><button type="button" onClick=${() => remove(one)}>${t('remove')}</button></td>
        </tr>`;
      })}</tbody>
    </table></div>`;
}

export function LinkView({ id, events }) {
  const [link, setLink] = useState(null);
  const [snapshots, setSnapshots] = useState([]);
  const [problem, attempt] = useAttempt();
  const load = useCallback(() => attempt(async () => {
    const [one, versions] = await Promise.all([call('GET', `links/${id}`), call('GET', `links/${id}/snapshots`)]);
    setLink(one);
    setSnapshots(versions.snapshots);
  }), [id]);
  useEffect(() => {
    load();
  }, [load]);
  useEffect(() => events((name, data) => ((name === 'job' && data.link_id === link?.id) || (name === 'link' && data.id === link?.id)) && load()), [events, load, link?.id]);
  if (!link) return html`<${Problem} text=${problem} />`;
  return html`<article class="link-view">
    <p><a href="./">← ${t('list.back')}</a></p>
    <h2>${link.title || link.url}</h2>
    <p class="actions">
      <a class="button" href=${link.url} rel="noreferrer noopener">${t('open.live')}</a>
      ${link.snapshot ? html`<a class="button main" href=${viewAddress(link.snapshot.replay_path)}>${t('open.snapshot')}</a>` : null}
      ${isBusy(link.job)
        ? html`<button type="button" onClick=${() => attempt(() => call('DELETE', `jobs/${link.job.id}`))}>${t('cancel')}</button>`
        : html`<button type="button" onClick=${() => attempt(() => call('POST', `links/${link.id}/snapshots`).then(load))}>${t('snapshot.again')}</button>`}
      ${['wacz', 'warc'].map((format) => html`<a class="button" key=${format} href=${`api/v1/export?link=${link.id}&format=${format}`} download>${t('export.as', { format: format.toUpperCase() })}</a>`)}
      ${link.deleted
        ? html`<button type="button" onClick=${() => attempt(() => call('POST', `links/${link.id}/restore`).then(load))}>${t('restore')}</button>`
        : html`<button type="button" onClick=${() => attempt(() => call('DELETE', `links/${link.id}`).then(load))}>${t('remove')}</button>`}
    </p>
    ${jobText(link.job) ? html`<p class="job ${link.job.state}" role="status">${jobText(link.job)}</p>` : null}
    ${link.broken ? html`<p class="problem">${t('broken.why', { reason: link.broken })}</p>` : null}
    <${Problem} text=${problem} />
    <h3>${t('versions', { count: snapshots.length })}</h3>
    <${Versions} link=${link} snapshots=${snapshots} attempt=${attempt} reload=${load} />
    <h3>${t('fields')}</h3>
    <${Fields} key=${`${link.id}-${link.version}`} link=${link} attempt=${attempt} onSaved=${setLink} />
    <p class="small">${t('link.dates', { created: dateTime(new Date(link.created)), modified: dateTime(new Date(link.modified)) })} <a href=${address({ view: 'list', q: `site:${new URL(link.url).hostname}` })}>${t('link.same_host')}</a></p>
  </article>`;
}
