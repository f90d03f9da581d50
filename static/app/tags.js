// The tags: counts, colours, renaming, merging, removing.
import { html, useCallback, useEffect, useState } from './html.js';
import { call } from '../api.js';
import { Problem, useAttempt } from './parts.js';
import { address } from './place.js';
import { number, t } from './words.js';

/** One page is enough to see; the filter finds the rest. */
const shown = 500;

export function useTags(prefix) {
  const [tags, setTags] = useState(null);
  const load = useCallback(() => call('GET', `tags?limit=${shown}${prefix ? `&prefix=${encodeURIComponent(prefix)}` : ''}`).then((answer) => setTags(answer.tags), () => setTags([])), [prefix]);
  useEffect(() => {
    load();
  }, [load]);
  return [tags, load];
}

function TagRow({ tag, chosen, onChoose, attempt, reload }) {
  const [name, setName] = useState(null);
  const path = `tags/${encodeURIComponent(tag.tag)}`;
  const rename = (event) => {
    event.preventDefault();
    return attempt(async () => {
      if (name && name !== tag.tag) await call('PATCH', path, { tag: name });
      setName(null);
      await reload();
    });
  };
  const remove = () => confirm(t('tag.remove_confirm', { tag: tag.tag, count: tag.links })) && attempt(() => call('DELETE', path).then(reload));
  return html`<tr>
    <td><input type="checkbox" checked=${chosen} aria-label=${t('select.one', { title: tag.tag })} onChange=${onChoose} /></td>
    <td>${name === null
      ? html`<a class="tag" href=${address({ tags: [tag.tag] })}>#${tag.tag}</a>${tag.aliases.length ? html` <span class="small">${t('tag.aliases', { names: tag.aliases.join(', ') })}</span>` : null}`
      : html`<form onSubmit=${rename}><input value=${name} aria-label=${t('tag.new_name')} onInput=${(event) => setName(event.target.value)} /> <button class="main">${t('save')}</button> <button type="button" onClick=${() => setName(null)}>${t('cancel')}</button></form>`}</td>
    <td class="number">${number(tag.links)}</td>
    <td><button type="button" onClick=${() => setName(tag.tag)}>${t('tag.rename')}</button> <button type="button" onClick=${remove}>${t('remove')}</button></td>
  </tr>`;
}

export function TagsView() {
  const [filter, setFilter] = useState('');
  const [tags, load] = useTags(filter);
  const [chosen, setChosen] = useState([]);
  const [into, setInto] = useState('');
  const [problem, attempt] = useAttempt();
  const toggle = (tag) => setChosen((before) => (before.includes(tag) ? before.filter((one) => one !== tag) : [...before, tag]));
  const merge = (event) => {
    event.preventDefault();
    return attempt(async () => {
      await call('POST', 'tags/merge', { tags: chosen.filter((tag) => tag !== into), into });
      setChosen([]);
      setInto('');
      await load();
    });
  };
  return html`<section aria-labelledby="tags-title">
    <h2 id="tags-title">${t('tags')}</h2>
    <p><label>${t('tag.filter')} <input type="search" value=${filter} onInput=${(event) => setFilter(event.target.value)} /></label>
      <a href=${address({ states: ['untagged'] })}>${t('filter.untagged')}</a></p>
    <${Problem} text=${problem} />
    ${chosen.length > 0 ? html`<form class="bulk" onSubmit=${merge}>
      <label>${t('tag.merge', { count: chosen.length })} <input value=${into} required onInput=${(event) => setInto(event.target.value)} list="merge-names" /></label>
      <datalist id="merge-names">${chosen.map((tag) => html`<option value=${tag} key=${tag}></option>`)}</datalist>
      <button class="main">${t('tag.merge_do')}</button>
    </form>` : null}
    ${tags?.length === 0 ? html`<p class="empty">${t('tag.none')}</p>` : null}
    <div class="scroll"><table><thead><tr><th><span class="hidden">${t('select')}</span></th><th>${t('tag')}</th><th>${t('links')}</th><th><span class="hidden">${t('actions')}</span></th></tr></thead>
      <tbody>${(tags ?? []).map((tag) => html`<${TagRow} key=${tag.tag} tag=${tag} chosen=${chosen.includes(tag.tag)} onChoose=${() => toggle(tag.tag)} attempt=${attempt} reload=${load} />`)}</tbody></table></div>
  </section>`;
}
