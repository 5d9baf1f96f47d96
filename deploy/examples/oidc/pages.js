// The pages: forms and words, no script. `html` makes every value harmless that is not HTML itself.
import * as settings from './settings.js';

class Html {
  constructor(text) {
    this.text = text;
  }
}

const harmless = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export function html(parts, ...values) {
  const shown = (value) => (Array.isArray(value) ? value.map(shown).join('') : value instanceof Html ? value.text : String(value ?? '').replace(/[&<>"']/g, (letter) => harmless[letter]));
  return new Html(parts.map((part, at) => part + (at < values.length ? shown(values[at]) : '')).join(''));
}

export const headers = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  // Browsers hold form-action against where a form leads in the end, which is the relying party.
  'content-security-policy': `default-src 'none'; style-src 'self'; img-src data:; form-action 'self' ${new URL(settings.client).origin}; base-uri 'none'; frame-ancestors 'none'`,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

export function send(response, status, page) {
  response.writeHead(status, headers).end(page.text);
}

export function password(texts, { action, application, name, error }) {
  const { title, to, name: nameLabel, password: passwordLabel, submit } = texts.password;
  return layout(texts, title, html`
    <p class="quiet">${to(application)}</p>
    ${alert(error)}
    <form method="post" action="${action}">
      <label for="name">${nameLabel}</label>
      <input id="name" name="name" value="${name}" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="256" required ${name ? '' : html`autofocus`} ${wrong(error)}>
      <label for="password">${passwordLabel}</label>
      <input id="password" name="password" type="password" autocomplete="current-password" maxlength="1024" required ${name ? html`autofocus` : ''} ${wrong(error)}>
      <button>${submit}</button>
    </form>`);
}

export function code(texts, { action, error }) {
  const { title, why, code: label, submit, again } = texts.code;
  return layout(texts, title, html`
    <p>${why}</p>
    ${alert(error)}
    <form method="post" action="${action}/code">
      <label for="code">${label}</label>
      <input id="code" class="code" name="code" inputmode="numeric" autocomplete="one-time-code" pattern="[0-9 ]{6,7}" maxlength="7" required autofocus ${wrong(error)}>
      <button>${submit}</button>
    </form>
    <form method="post" action="${action}/again"><button class="link">${again}</button></form>`);
}

export function blocked(texts, { address }) {
  const { address: addressLabel, time } = texts.blocked;
  return refusal(texts, texts.blocked, html`
    <dl>
      <dt>${addressLabel}</dt><dd>${address}</dd>
      <dt>${time}</dt><dd>${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC</dd>
    </dl>`);
}

export const withoutFactor = (texts) => refusal(texts, texts.withoutFactor, '');

export function ended(texts) {
  const { title, why, again } = texts.ended;
  return layout(texts, title, html`<p>${why}</p><p><a class="button" href="${settings.client}">${again}</a></p>`);
}

function refusal(texts, { title, why, what, steps }, more) {
  return layout(texts, title, html`
    <p>${why}</p>
    <h2>${what}</h2>
    <ul>${steps.map((step) => html`<li>${step}</li>`)}</ul>
    ${more}`);
}

const alert = (error) => (error ? html`<p id="error" class="error" role="alert">${error}</p>` : '');

const wrong = (error) => (error ? html`aria-invalid="true" aria-describedby="error"` : '');

export function layout({ language, company }, title, content) {
  return html`<!doctype html>
<html lang="${language}">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="robots" content="noindex">
  <meta name="color-scheme" content="light dark">
  <title>${title} – ${company}</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="/style.css">
</head>
<body>
  <header><svg aria-hidden="true" viewBox="0 0 24 24"><path d="M12 2 4 5v6c0 5 3.4 9.4 8 11 4.6-1.6 8-6 8-11V5z"/></svg>${company}</header>
  <main>
    <h1>${title}</h1>${content}
  </main>
</body>
</html>
`;
}
