// The way in, where a password is asked for.
import { html } from './html.js';
import { call } from '../api.js';
import { Problem, useAttempt } from './parts.js';
import { t } from './words.js';

export function Login({ onDone }) {
  const [problem, attempt] = useAttempt();
  const submit = (event) => {
    event.preventDefault();
    const fields = new FormData(event.target);
    return attempt(async () => {
      await call('POST', 'session', { name: fields.get('name'), password: fields.get('password') });
      onDone();
    });
  };
  return html`<main class="login"><form onSubmit=${submit}>
    <h1>Waymark</h1>
    <label>${t('login.name')} <input name="name" autocomplete="username" required autofocus /></label>
    <label>${t('login.password')} <input name="password" type="password" autocomplete="current-password" required /></label>
    <button class="main">${t('login')}</button>
    <${Problem} text=${problem} />
  </form></main>`;
}
