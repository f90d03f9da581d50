// A small web site on loopback that a test scripts itself: path → answer.
import http from 'node:http';
import { once } from 'node:events';

/** Serves `pages` ({path: [type, body] | (request, response) => …}); the base address and what was asked come back. */
export async function site(t, pages) {
  const asked = [];
  const server = http.createServer((request, response) => {
    asked.push(request.url);
    const page = pages[request.url];
    if (typeof page === 'function') {
      page(request, response);
    } else if (page) {
      const body = Buffer.from(page[1]);
      response.writeHead(page[2] ?? 200, { 'Content-Type': page[0], 'Content-Length': body.length });
      response.end(body);
    } else {
      response.writeHead(404, { 'Content-Type': 'text/plain' });
      response.end('not here');
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => { server.closeAllConnections(); server.close(); });
  return { url: `http://127.0.0.1:${server.address().port}`, asked, close: () => { server.closeAllConnections(); server.close(); } };
}

/** A 2×2 PNG. */
export const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFElEQVR4nGP8z8DAwMDAxMDAwMAAAA0GAQMV8Hm5AAAAAElFTkSuQmCC', 'base64');
