// Builds what is shown. Text goes in as text; the one exception is a snippet, whose <mark> is put back piece by piece.

/** An element with attributes and children; strings become text. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(key, value);
    else if (value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** A snippet (escaped text with <mark>) as nodes: nothing in it is parsed as markup. */
function snippet(html) {
  const unescape = (text) => text.replace(/&(lt|gt|quot|#39|amp);/g, (_, name) => ({ lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' })[name]);
  const line = element('p', { class: 'snippet' });
  for (const piece of html.split(/(<mark>.*?<\/mark>)/su)) {
    const hit = /^<mark>(.*)<\/mark>$/su.exec(piece);
    line.append(hit ? element('mark', {}, unescape(hit[1])) : unescape(piece));
  }
  return line;
}

/** "2026-11-24 21:11" of 14 digits. */
function when(timestamp) {
  return timestamp.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)\d\d$/, '$1-$2-$3 $4:$5');
}

const open = (path) => `view${path.replaceAll('#', '%23')}`;
const isWeb = (url) => /^https?:\/\//.test(url);

function liveLink(url, title) {
  return isWeb(url) ? element('a', { class: 'title', href: url, rel: 'noreferrer noopener' }, title || url) : element('span', { class: 'title' }, title || url);
}

function tagButtons(tags, actions) {
  return tags.map((tag) => element('button', { type: 'button', click: () => actions.filter(tag) }, `#${tag}`));
}

function jobState(job) {
  if (!job || job.state === 'done') return null;
  const words = { queued: job.error ? `will be tried again: ${job.error.message}` : 'waiting', running: 'taking a snapshot', failed: job.error?.message ?? 'failed', cancelled: 'cancelled' };
  const progress = job.state === 'running' && job.progress ? ` (${job.progress.fetched} of ${job.progress.known})` : '';
  return element('span', { class: `state ${job.state}` }, `${words[job.state]}${progress}`);
}

/** One link as a list item. */
export function linkItem(link, actions) {
  const job = link.job;
  const busy = job && (job.state === 'queued' || job.state === 'running');
  return element(
    'li',
    { 'data-link': link.id },
    liveLink(link.url, link.title),
    ...(link.snippets ?? []).map(snippet),
    element(
      'div',
      { class: 'meta' },
      ...tagButtons(link.tags, actions),
      link.title ? element('span', {}, link.url) : null,
      link.snapshot ? element('a', { href: open(link.snapshot.replay_path), class: 'snapshot' }, when(link.snapshot.timestamp)) : null,
      jobState(job),
      busy
        ? element('button', { type: 'button', click: () => actions.cancel(job.id) }, 'cancel')
        : element('button', { type: 'button', click: () => actions.snapshot(link.id) }, 'snapshot again'),
      element('button', { type: 'button', click: () => actions.remove(link) }, 'remove'),
    ),
  );
}

/** One search result as a list item. */
export function hitItem(hit, actions) {
  const versions = hit.versions_matched > 1 ? element('span', {}, `${hit.versions_matched} versions`) : null;
  return element(
    'li',
    {},
    liveLink(hit.url, hit.title),
    ...hit.snippets.map(snippet),
    element(
      'div',
      { class: 'meta' },
      ...tagButtons(hit.tags, actions),
      element('span', {}, hit.url),
      hit.replay_path ? element('a', { href: open(hit.replay_path), class: 'snapshot' }, when(hit.timestamp)) : null,
      versions,
    ),
  );
}
