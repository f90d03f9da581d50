// Reads a finished WARC byte by byte, without any of the product's own code.
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import zlib from 'node:zlib';

function fieldsOf(head) {
  const fields = new Map();
  for (const line of head.split('\r\n').slice(1)) {
    const colon = line.indexOf(':');
    if (colon > 0) fields.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  return fields;
}

/** The records of a .warc.gz: {type, url, fields, head, body}; head is that of the HTTP message, body what is behind it. */
export async function records(file) {
  const bytes = zlib.gunzipSync(await readFile(file));
  const found = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf('\r\n\r\n', at) + 4;
    const fields = fieldsOf(bytes.toString('latin1', at, end - 4));
    const length = Number(fields.get('content-length'));
    const block = bytes.subarray(end, end + length);
    const http = /^application\/http/.test(fields.get('content-type'));
    const split = http ? block.indexOf('\r\n\r\n') + 4 : 0;
    found.push({ type: fields.get('warc-type'), url: fields.get('warc-target-uri'), fields, head: block.toString('latin1', 0, split), body: block.subarray(split) });
    at = end + length + 4;
  }
  return found;
}

/** All finished WARCs of captures in a data folder; _links has the journal of links, which no capture makes. */
export async function warcsOf(data) {
  const entries = await readdir(path.join(data, 'warcs'), { recursive: true }).catch(() => []);
  return entries.filter((name) => name.endsWith('.warc.gz') && !name.startsWith('_links/')).map((name) => path.join(data, 'warcs', name));
}

/** The payload stored for a URL: of its response, or of the one that its revisit refers to. null if there is none. */
export function payloadOf(all, url) {
  const own = all.find((record) => ['response', 'revisit'].includes(record.type) && record.url === url);
  if (!own) return null;
  if (own.type === 'response') return own.body;
  const digest = own.fields.get('warc-payload-digest');
  return all.find((record) => record.type === 'response' && record.fields.get('warc-payload-digest') === digest)?.body ?? null;
}
