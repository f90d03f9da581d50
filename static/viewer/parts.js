// What the views have in common.

/** An element with attributes and children; strings become text, functions become listeners. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(key, value);
    else if (value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Asks /api/v1 and gives the JSON, or throws Refused. */
export async function ask(resource, parameters, method = 'GET') {
  const query = new URLSearchParams(Object.entries(parameters ?? {}).filter(([, value]) => value !== undefined && value !== null && value !== ''));
  const response = await fetch(`/api/v1/${resource}${query.size ? `?${query}` : ''}`, { method });
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new Refused(response.status, body?.error?.message ?? `HTTP ${response.status}`);
  return body;
}

/** "about 12,000 captures". */
export function countText({ t, number }, captures, exact) {
  return t('calendar.captures', { count: captures, shown: exact ? number(captures) : t('calendar.about', { count: number(captures) }) });
}

const svgName = 'http://www.w3.org/2000/svg';
export function svg(name, attributes, ...children) {
  const made = document.createElementNS(svgName, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** An <iframe> for archived pages: another origin, scripts of its own, no way to the tab around it. */
export function pageFrame(address, label, attributes = {}) {
  // Where app and replay share an origin (one port alone), the frame must get an opaque one.
  const apart = new URL(address, location.href).origin !== location.origin;
  return element('iframe', {
    title: label,
    sandbox: `allow-scripts allow-forms allow-popups allow-downloads allow-pointer-lock${apart ? ' allow-same-origin' : ''}`,
    allow: 'fullscreen; autoplay',
    referrerpolicy: 'no-referrer',
    src: address,
    ...attributes,
  });
}

/** What went wrong, for the reader. */
export function failureText(words, error) {
  return error.status === 401 ? words.t('error.closed') : words.t('error.failed', { message: error.message });
}
