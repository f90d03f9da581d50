// The list: filters, sorting, endless scrolling, choosing many, live states.
import { html, useCallback, useEffect, useRef, useState } from './html.js';
import { call } from '../api.js';
import { BulkBar } from './bulk.js';
import { Problem, useAttempt, viewAddress } from './parts.js';
import { address, go } from './place.js';
import { Row } from './row.js';
import { number, t } from './words.js';

const pageSize = 50;

/** The query string of the API for a place. */
export function listQuery(place) {
  const query = new URLSearchParams({ limit: String(pageSize) });
  if (place.q) query.set('q', place.q);
  if (place.sort && !place.q) query.set('sort', place.sort);
  if (place.order && !place.q) query.set('order', place.order);
  for (const tag of place.tags) query.append('tag', tag);
  for (const state of place.states) query.append('state', state);
  return query;
}

function Chips({ place }) {
  const without = (name, value) => address({ ...place, [name]: place[name].filter((one) => one !== value) });
  if (!place.tags.length && !place.states.length) return null;
  return html`<p class="chips">
    ${place.tags.map((tag) => html`<a class="chip" key=${tag} href=${without('tags', tag)} aria-label=${t('filter.remove', { name: tag })}>#${tag} <span aria-hidden="true">×</span></a>`)}
    ${place.states.map((state) => html`<a class="chip" key=${state} href=${without('states', state)} aria-label=${t('filter.remove', { name: t(`filter.${state}`) })}>${t(`filter.${state}`)} <span aria-hidden="true">×</span></a>`)}
  </p>`;
}

function Sorting({ place }) {
  if (place.q) return null;
  const value = `${place.sort || 'added'} ${place.order || (place.sort === 'title' ? 'asc' : 'desc')}`;
  const choose = (event) => {
    const [sort, order] = event.target.value.split(' ');
    go({ ...place, sort, order });
  };
  return html`<label>${t('sort')} <select value=${value} onChange=${choose}>
    ${['added desc', 'added asc', 'modified desc', 'title asc', 'title desc'].map((one) => html`<option value=${one} key=${one}>${t(`sort.${one.replace(' ', '_')}`)}</option>`)}
  </select></label>`;
}

/** Pages as they come; an answer that is no longer wanted is dropped. */
function useLinks(place) {
  const [state, setState] = useState({ links: null, total: 0, estimate: false, note: '', next: null });
  const [problem, attempt] = useAttempt();
  const turn = useRef(0);
  const loading = useRef(false);
  const key = listQuery(place).toString();
  const load = useCallback((cursor) => {
    if (cursor && loading.current) return undefined;
    loading.current = true;
    const mine = ++turn.current;
    const query = listQuery(place);
    if (cursor) query.set('cursor', cursor);
    return attempt(async () => {
      const answer = await call('GET', `links?${query}`);
      if (mine !== turn.current) return;
      setState((before) => ({ links: cursor ? [...before.links, ...answer.links] : answer.links, total: answer.total, estimate: answer.total_is_estimate, note: answer.note, next: answer.next_cursor }));
    }).finally(() => {
      if (mine === turn.current) loading.current = false;
    });
  }, [key]);
  useEffect(() => {
    load();
  }, [load]);
  const replace = useCallback((link) => setState((before) => (before.links ? { ...before, links: before.links.map((one) => (one.id === link.id ? { ...link, snippets: one.snippets } : one)) } : before)), []);
  return { ...state, problem, attempt, load, replace };
}

function useKeys(links, place, setChosen, setChoosing) {
  const [current, show] = useState(-1);
  const now = useRef(-1); // keys come faster than effects
  const held = useRef(links);
  held.current = links;
  const setCurrent = (at) => {
    now.current = at;
    show(at);
  };
  useEffect(() => setCurrent(-1), [place.q, place.tags.join('\n'), place.states.join('\n')]);
  useEffect(() => {
    const pressed = (event) => {
      if (event.target.closest('input, textarea, select, dialog') || event.metaKey || event.ctrlKey || event.altKey) return;
      const link = held.current?.[now.current];
      const move = (to) => {
        const at = Math.max(0, Math.min(to, (held.current?.length ?? 0) - 1));
        setCurrent(at);
        document.querySelectorAll('.row')[at]?.scrollIntoView({ block: 'nearest' });
      };
      if (event.key === 'j') move(now.current + 1);
      else if (event.key === 'k') move(now.current - 1);
      else if (event.key === 'o' && link?.snapshot) location.assign(viewAddress(link.snapshot.replay_path));
      else if ((event.key === 'e' || event.key === 'Enter') && link) go({ view: 'link', id: String(link.id) });
      else if (event.key === 'x' && link) {
        setChoosing(true);
        setChosen((before) => toggled(before, link.id));
      } else return;
      event.preventDefault();
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, []);
  return current;
}

function toggled(set, id) {
  const after = new Set(set);
  if (!after.delete(id)) after.add(id);
  return after;
}

export function ListView({ place, events }) {
  const { links, total, estimate, note, next, problem, attempt, load, replace } = useLinks(place);
  const [choosing, setChoosing] = useState(false);
  const [chosen, setChosen] = useState(new Set());
  const current = useKeys(links, place, setChosen, setChoosing);
  const end = useRef(null);
  useEffect(() => {
    if (!next || !end.current) return undefined;
    const seen = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && load(next), { rootMargin: '800px' });
    seen.observe(end.current);
    return () => seen.disconnect();
  }, [next, load]);
  useEffect(() => {
    const refresh = (id) => links?.some((link) => link.id === id) && call('GET', `links/${id}`).then(replace, () => {});
    return events((name, data) => {
      if (name === 'link' && !links?.some((link) => link.id === data.id) && !place.q) load();
      else if (name === 'link') refresh(data.id);
      else if (name === 'job' && data.link_id) refresh(data.link_id);
      else if (name === 'reset') load();
    });
  }, [events, links, load, replace, place.q]);
  const trash = place.states.includes('trashed');
  const empty = place.q ? t('empty.search') : trash ? t('empty.trash') : place.tags.length || place.states.length ? t('empty.filter') : t('empty.all');
  return html`<section aria-label=${t('list.label')}>
    <${Chips} place=${place} />
    <div class="toolbar">
      <p role="status">${links === null ? t('loading') : `${estimate ? t('count.estimate', { count: number(total) }) : t('count', { count: total, shown: number(total) })}`}</p>
      <${Sorting} place=${place} />
      <button type="button" aria-pressed=${String(choosing)} onClick=${() => { setChoosing(!choosing); setChosen(new Set()); }}>${t('select')}</button>
      ${trash && total > 0 ? html`<button type="button" onClick=${() => confirm(t('trash.confirm')) && attempt(() => call('DELETE', 'trash').then(() => load()))}>${t('trash.empty')}</button>` : null}
    </div>
    ${note ? html`<p class="note">${note}</p>` : null}
    <${Problem} text=${problem} />
    ${choosing ? html`<${BulkBar} place=${place} chosen=${chosen} total=${total} all=${() => setChosen(new Set((links ?? []).map((link) => link.id)))} attempt=${attempt} done=${() => { setChosen(new Set()); load(); }} />` : null}
    <ol class="list">${(links ?? []).map((link, at) => html`<${Row} key=${link.id} link=${link} place=${place} current=${at === current} choosing=${choosing} chosen=${chosen.has(link.id)} onChoose=${() => setChosen(toggled(chosen, link.id))} attempt=${attempt} reload=${() => load()} />`)}</ol>
    ${links?.length === 0 ? html`<p class="empty">${empty}</p>` : null}
    ${next ? html`<button ref=${end} type="button" class="more" onClick=${() => load(next)}>${t('more')}</button>` : null}
  </section>`;
}
