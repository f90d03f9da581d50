// What the archived page may say to the frame. It is hostile: everything about a message is checked, and nothing of it is ever markup or an address to go to.

const mostUrl = 8192;
const mostTitle = 300;
const kinds = new Set(['load', 'replace-url', 'title', 'hashchange']);

function webUrl(text) {
  if (typeof text !== 'string' || text.length > mostUrl) return null;
  try {
    const url = new URL(text);
    return url.protocol === 'http:' || url.protocol === 'https:' ? text : null;
  } catch {
    return null;
  }
}

const plainTitle = (text) => (typeof text === 'string' ? text.slice(0, mostTitle).replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, ' ').trim() : '');

/**
 * The message of a MessageEvent as {kind, url, timestamp, title, hash}, or null: if it is not from the page in `frame` itself (its own frames and
 * popups may not speak for it), not from the replay origin, or not of a known form.
 */
export function readMessage(event, { frame, origin }) {
  if (!frame || event.source !== frame || event.origin !== origin) return null;
  const data = event.data;
  if (typeof data !== 'object' || data === null || !kinds.has(data.wb_type)) return null;
  const kind = data.wb_type;
  if (kind === 'title') return { kind, title: plainTitle(data.title) };
  if (kind === 'hashchange') return typeof data.hash === 'string' && /^(#[^\p{Cc}]{0,2000})?$/u.test(data.hash) ? { kind, hash: data.hash } : null;
  const url = webUrl(data.url);
  const timestamp = /^\d{14}$/.test(String(data.ts)) ? String(data.ts) : null;
  return url && timestamp ? { kind, url, timestamp, title: plainTitle(data.title) } : null;
}
