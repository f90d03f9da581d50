// What a reader chooses for this browser, and how to get at the archive from elsewhere.
import { html, useState } from './html.js';
import { languages } from '../i18n.js';
import { language, t } from './words.js';

const names = { en: 'English', 'zh-CN': '简体中文' };

/** Puts the chosen theme on the page; "auto" follows the system. */
export function applyTheme() {
  const theme = localStorage.getItem('theme') ?? 'auto';
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

export function SettingsView() {
  const [theme, setTheme] = useState(localStorage.getItem('theme') ?? 'auto');
  const chooseTheme = (event) => {
    localStorage.setItem('theme', event.target.value);
    setTheme(event.target.value);
    applyTheme();
  };
  const chooseLanguage = (event) => {
    localStorage.setItem('language', event.target.value);
    location.reload();
  };
  const bookmarklet = `javascript:void(open('${new URL('./', location.href).href}?add='+encodeURIComponent(location.href)+'&title='+encodeURIComponent(document.title)))`;
  return html`<section aria-labelledby="settings-title">
    <h2 id="settings-title">${t('settings')}</h2>
    <div class="fields">
      <label for="language">${t('settings.language')}</label>
      <select id="language" value=${language()} onChange=${chooseLanguage}>${languages.map((tag) => html`<option value=${tag} lang=${tag} key=${tag}>${names[tag] ?? tag}</option>`)}</select>
      <label for="theme">${t('settings.theme')}</label>
      <select id="theme" value=${theme} onChange=${chooseTheme}>${['auto', 'light', 'dark'].map((one) => html`<option value=${one} key=${one}>${t(`settings.theme.${one}`)}</option>`)}</select>
      <label for="bookmarklet">${t('settings.bookmarklet')}</label>
      <span><input id="bookmarklet" readonly value=${bookmarklet} onFocus=${(event) => event.target.select()} /><br /><span class="small">${t('settings.bookmarklet_hint')}</span></span>
    </div>
  </section>`;
}
