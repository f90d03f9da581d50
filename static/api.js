// The REST API and its events, as the page uses them.

/** A refusal of the API: its sentence and its status. */
export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Calls /api/v1 and gives the JSON, or throws an ApiError. */
export async function call(method, path, body) {
  const response = await fetch(`api/v1/${path}`, {
    method,
    headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (response.status === 204) return null;
  const value = await response.json().catch(() => null);
  if (!response.ok) throw new ApiError(response.status, value?.error?.message ?? `The server answered ${response.status}.`);
  return value;
}

/** Calls `onEvent(name, data)` for every event from now on; the browser reconnects by itself. */
export function listen(onEvent) {
  const source = new EventSource('api/v1/events');
  for (const name of ['job', 'link', 'index', 'reset']) {
    source.addEventListener(name, (event) => onEvent(name, event.data ? JSON.parse(event.data) : null));
  }
  return source;
}
