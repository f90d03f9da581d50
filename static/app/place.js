// Where in the app one is: all of it stands in the address, so that every view can be reloaded, shared and gone back to.
import { useEffect, useState } from './html.js';

/** What the address says: {view, id, q, tags, states, sort, order}. */
export function read(search = location.search) {
  const query = new URLSearchParams(search);
  return {
    view: query.get('view') ?? 'list',
    id: query.get('id'),
    q: query.get('q') ?? '',
    tags: query.getAll('tag'),
    states: query.getAll('state'),
    sort: query.get('sort') ?? '',
    order: query.get('order') ?? '',
    add: query.get('add') ?? query.get('url'),
    title: query.get('title') ?? '',
  };
}

/** The address of a place; what is empty is left out. */
export function address(place) {
  const query = new URLSearchParams();
  if (place.view && place.view !== 'list') query.set('view', place.view);
  for (const name of ['id', 'q', 'sort', 'order', 'add', 'title']) {
    if (place[name]) query.set(name, place[name]);
  }
  for (const tag of place.tags ?? []) query.append('tag', tag);
  for (const state of place.states ?? []) query.append('state', state);
  const text = query.toString();
  return text ? `?${text}` : './';
}

const changed = new EventTarget();

/** Goes to a place. */
export function go(place, { replace = false } = {}) {
  const target = address(place);
  history[replace ? 'replaceState' : 'pushState'](null, '', target);
  changed.dispatchEvent(new Event('place'));
}

/** Lets plain links within the app go to their place without loading the page anew. */
export function followLinks(event) {
  const link = event.target.closest?.('a[href]');
  if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || link.target) return;
  const written = link.getAttribute('href');
  if (!written.startsWith('?') && written !== './') return;
  event.preventDefault();
  go(read(written === './' ? '' : written));
}

export function usePlace() {
  const [place, setPlace] = useState(read());
  useEffect(() => {
    const update = () => setPlace(read());
    changed.addEventListener('place', update);
    addEventListener('popstate', update);
    return () => {
      changed.removeEventListener('place', update);
      removeEventListener('popstate', update);
    };
  }, []);
  return place;
}
