// One change for many links: those chosen, or all that match.
import { html, useState } from './html.js';
import { call } from '../api.js';
import { TagInput } from './parts.js';
import { number, t } from './words.js';

/** Which links: the chosen ones by id, or everything the place shows. */
function target(place, chosen, everything) {
  if (!everything) return { ids: [...chosen] };
  if (place.q) return { query: [place.q, ...place.tags.map((tag) => `#"${tag}"`), ...place.states.map((state) => `is:${state}`)].join(' ') };
  return { filter: { tags: place.tags, states: place.states } };
}

export function BulkBar({ place, chosen, total, all, attempt, done }) {
  const [everything, setEverything] = useState(false);
  const [tags, setTags] = useState([]);
  const [told, setTold] = useState('');
  const count = everything ? total : chosen.size;
  const run = (change) => attempt(async () => {
    const answer = await call('POST', 'links/bulk', { ...target(place, chosen, everything), ...change });
    setTold(answer.job_id ? t('bulk.job', { id: answer.job_id }) : t('bulk.done', { count: answer.changed }));
    setEverything(false);
    setTags([]);
    done();
  });
  const off = count === 0;
  return html`<div class="bulk" role="group" aria-label=${t('bulk.label')}>
    <span>${t('bulk.count', { count, shown: number(count) })}</span>
    <button type="button" onClick=${all}>${t('bulk.shown')}</button>
    <label><input type="checkbox" checked=${everything} onChange=${(event) => setEverything(event.target.checked)} /> ${t('bulk.all', { count: total, shown: number(total) })}</label>
    <label for="bulk-tags">${t('tags')}</label> <${TagInput} id="bulk-tags" tags=${tags} onChange=${setTags} />
    <button type="button" disabled=${off || !tags.length} onClick=${() => run({ add_tags: tags })}>${t('bulk.add_tags')}</button>
    <button type="button" disabled=${off || !tags.length} onClick=${() => run({ remove_tags: tags })}>${t('bulk.remove_tags')}</button>
    ${[['mark_read', { unread: false }], ['archive', { archived: true }], ['favourite', { favourite: true }], ['snapshot.again', { capture: true }]].map(([key, change]) => html`<button type="button" key=${key} disabled=${off} onClick=${() => run(change)}>${t(key)}</button>`)}
    ${place.states.includes('trashed')
      ? html`<button type="button" disabled=${off} onClick=${() => run({ deleted: false })}>${t('restore')}</button>`
      : html`<button type="button" disabled=${off} onClick=${() => run({ deleted: true })}>${t('remove')}</button>`}
    <span role="status">${told}</span>
  </div>`;
}
