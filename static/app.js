// The page: add a link, watch it being captured, search, open a snapshot. What is shown is in the address, so back and reload work.
import { ApiError, call, listen } from './api.js';
import { element, hitItem, linkItem } from './view.js';

const pageSize = 50;
const byId = (id) => document.getElementById(id);
const list = byId('list');
const wanted = () => Object.fromEntries(new URLSearchParams(location.search));
let shown = 0;
let turn = 0; // answers of an earlier question are dropped

const actions = {
  filter: (tag) => go({ tag }),
  snapshot: (id) => attempt(() => call('POST', `links/${id}/snapshots`)),
  cancel: (id) => attempt(() => call('DELETE', `jobs/${id}`)),
  remove: (link) => {
    if (confirm(`Remove “${link.title || link.url}”? Its snapshots stay in the archive.`)) attempt(() => call('DELETE', `links/${link.id}`).then(() => load()));
  },
};

/** Runs an action and says what went wrong. */
async function attempt(action) {
  try {
    await action();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    byId('status').textContent = error.message;
  }
}

function go(parameters) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value));
  history.pushState(null, '', `${location.pathname}${query.size ? `?${query}` : ''}`);
  load();
}

async function load(more = false) {
  const mine = ++turn;
  const { q, tag, add } = wanted();
  const offset = more ? shown : 0;
  byId('query').value = q ?? '';
  if (add) byId('url').value = add;
  const parameters = new URLSearchParams({ limit: pageSize, offset });
  if (q) parameters.set('q', q);
  if (tag) parameters.set('tag', tag);
  const answer = await call('GET', `${q ? 'search' : 'links'}?${parameters}`);
  if (mine !== turn) return;
  const items = q ? answer.results.map((hit) => hitItem(hit, actions)) : answer.links.map((link) => linkItem(link, actions));
  if (more) list.append(...items);
  else list.replaceChildren(...items);
  shown = offset + items.length;
  byId('more').hidden = shown >= answer.total || items.length === 0;
  const filter = byId('filter');
  filter.hidden = !tag;
  filter.replaceChildren(...(tag ? [`Tag #${tag} `, element('button', { type: 'button', click: () => go({ q }) }, 'show all')] : []));
  const empty = q ? 'Nothing found.' : 'No links yet. Add the first one above.';
  byId('status').textContent = [answer.note, shown === 0 ? empty : q ? `${answer.total} found` : ''].filter(Boolean).join(' ');
}

/** Replaces one link's row where it is shown. */
async function refresh(id) {
  const row = list.querySelector(`[data-link="${CSS.escape(String(id))}"]`);
  if (!row) {
    if (!wanted().q && !wanted().tag && shown <= pageSize) await load();
    return;
  }
  const link = await call('GET', `links/${id}`).catch((error) => (error.status === 404 ? null : Promise.reject(error)));
  if (link && !link.deleted) row.replaceWith(linkItem(link, actions));
  else row.remove();
}

// Many events of one link come at once: each is looked at again at most four times a second.
const due = new Set();
function refreshSoon(id) {
  if (due.has(id)) return;
  due.add(id);
  setTimeout(() => {
    due.delete(id);
    attempt(() => refresh(id));
  }, 250);
}

async function knowTags() {
  const { tags } = await call('GET', 'tags');
  byId('known-tags').replaceChildren(...tags.map(({ tag }) => element('option', { value: tag })));
}

byId('add').addEventListener('submit', async (event) => {
  event.preventDefault();
  const form = event.target;
  const problem = form.querySelector('.problem');
  problem.textContent = '';
  const tags = form.tags.value.split(/[,，、]/u).map((tag) => tag.trim().replace(/^#/, '')).filter(Boolean);
  try {
    const link = await call('POST', 'links', { url: form.url.value, tags, title: form.elements.title.value });
    form.reset();
    go({});
    refreshSoon(link.id);
    await knowTags();
  } catch (error) {
    problem.textContent = error.message;
  }
});

byId('search').addEventListener('submit', (event) => {
  event.preventDefault();
  go({ q: byId('query').value.trim() });
});

byId('more').addEventListener('click', () => attempt(() => load(true)));
addEventListener('popstate', () => attempt(() => load()));

byId('login').addEventListener('submit', async (event) => {
  event.preventDefault();
  const form = event.target;
  try {
    await call('POST', 'session', { name: form.elements.name.value, password: form.password.value });
    location.reload();
  } catch (error) {
    form.querySelector('.problem').textContent = error.message;
  }
});

async function start() {
  const session = await call('GET', 'session');
  const closed = session.auth === 'password' && !session.user;
  byId('login').hidden = !closed;
  byId('add').hidden = closed;
  byId('search').hidden = closed;
  if (closed) return;
  await load();
  await knowTags();
  listen((name, data) => {
    if (name === 'job' && data.link_id) refreshSoon(data.link_id);
    if (name === 'link') refreshSoon(data.id);
    if (name === 'reset') attempt(() => load());
  });
}

attempt(start);
