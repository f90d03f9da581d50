// What is at the side: states, saved searches and the tag tree.
import { html, useCallback, useEffect, useState } from './html.js';
import { call } from '../api.js';
import { useTags } from './tags.js';
import { address } from './place.js';
import { number, t } from './words.js';

const states = ['', 'unread', 'fav', 'archived', 'broken', 'untagged', 'trashed'];

/** "ai/papers" below "ai", each level with the links of all below. */
function tree(tags) {
  const roots = [];
  const by = new Map();
  for (const tag of tags) {
    const parts = tag.tag.split('/');
    const parent = by.get(parts.slice(0, -1).join('/').toLowerCase());
    const node = { ...tag, children: [], label: parent ? parts.at(-1) : tag.tag };
    by.set(tag.tag.toLowerCase(), node);
    (parent?.children ?? roots).push(node);
  }
  return roots;
}

function Branch({ nodes, place }) {
  return html`<ul>${nodes.map((node) => {
    const on = place.tags.includes(node.tag);
    const tags = on ? place.tags.filter((tag) => tag !== node.tag) : [...place.tags, node.tag];
    return html`<li key=${node.tag}><a href=${address({ ...place, view: 'list', id: null, tags })} aria-current=${on ? 'true' : undefined}>${node.label} <span class="count">${number(node.links)}</span></a>
      ${node.children.length ? html`<${Branch} nodes=${node.children} place=${place} />` : null}</li>`;
  })}</ul>`;
}

function Searches({ place }) {
  const [searches, setSearches] = useState([]);
  const load = useCallback(() => call('GET', 'searches').then((answer) => setSearches(answer.searches), () => {}), []);
  useEffect(() => {
    load();
  }, []);
  const keep = async () => {
    const name = prompt(t('searches.name'), place.q);
    if (!name) return;
    await call('POST', 'searches', { name, query: place.q, all_tags: place.tags });
    load();
  };
  return html`<h2>${t('searches')}</h2>
    <ul>${searches.map((one) => html`<li key=${one.id}><a href=${address({ q: one.whole_query })}>${one.name}</a> <button type="button" class="quiet" aria-label=${t('searches.remove', { name: one.name })} onClick=${() => call('DELETE', `searches/${one.id}`).then(load)}>×</button></li>`)}</ul>
    ${place.q || place.tags.length ? html`<button type="button" onClick=${keep}>${t('searches.keep')}</button>` : searches.length === 0 ? html`<p class="small">${t('searches.none')}</p>` : null}`;
}

export function Sidebar({ place, events }) {
  const [filter, setFilter] = useState('');
  const [tags, load] = useTags(filter);
  useEffect(() => {
    let timer = 0;
    const stop = events((name) => {
      if (name !== 'link' && name !== 'reset') return;
      clearTimeout(timer);
      timer = setTimeout(load, 500);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [events, load]);
  return html`<nav class="side" aria-label=${t('side')}>
    <ul>${states.map((state) => {
      const on = place.view === 'list' && (state ? place.states.includes(state) : place.states.length === 0);
      return html`<li key=${state}><a href=${address({ states: state ? [state] : [] })} aria-current=${on ? 'page' : undefined}>${t(`filter.${state || 'all'}`)}</a></li>`;
    })}</ul>
    <${Searches} place=${place} />
    <h2>${t('tags')}</h2>
    <input type="search" aria-label=${t('tag.filter')} placeholder=${t('tag.filter')} value=${filter} onInput=${(event) => setFilter(event.target.value)} />
    <${Branch} nodes=${tree(tags ?? [])} place=${place} />
  </nav>`;
}
