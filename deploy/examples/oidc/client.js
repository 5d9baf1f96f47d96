// A relying party, as small as one can be: code and PKCE (RFC 7636), the ID token verified. It remembers nobody.
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { log } from './log.js';
import { headers, html, layout } from './pages.js';
import { places } from './places.js';
import * as settings from './settings.js';
import { textsFor } from './texts.js';

const id = 'notes';
const callback = `${settings.client}/callback`;
const style = readFileSync(new URL('style.css', import.meta.url));
const secret = () => randomBytes(32).toString('base64url');
const cookie = (name, value) => `${name}=${value}; Path=/; HttpOnly; SameSite=Lax`;

const routes = {
  '/': ({ request }) => page(html`<p>Nobody is signed in.</p>${signIn(request, 'Sign in')}`),
  '/style.css': () => ({ status: 200, headers: { 'content-type': 'text/css' }, body: style }),
  '/from': ({ query }) => ({ status: 303, headers: { location: '/', 'set-cookie': cookie('from', /^[\d.]+$/.exec(query.get('address') ?? '')?.[0] ?? '') } }),
  '/login': begin,
  '/callback': end,
};

/** Sends the browser to the provider. State, nonce and verifier wait in a cookie of its own. */
async function begin() {
  const [state, nonce, verifier] = [secret(), secret(), secret()];
  const { authorization_endpoint: endpoint } = await discover();
  const question = new URLSearchParams({
    client_id: id, redirect_uri: callback, response_type: 'code', scope: 'openid profile', prompt: 'login', state, nonce,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256',
  });
  return { status: 303, headers: { location: `${endpoint}?${question}`, 'set-cookie': cookie('login', `${state}.${nonce}.${verifier}`) } };
}

async function end({ request, query }) {
  const [state, nonce, verifier] = cookieOf(request, 'login').split('.');
  if (!state || query.get('state') !== state || query.get('iss') !== settings.issuer || !query.get('code')) throw new Error('not an answer to a question of this browser');
  const metadata = await discover();
  const answer = await fetch(metadata.token_endpoint, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'authorization_code', client_id: id, code: query.get('code'), redirect_uri: callback, code_verifier: verifier }),
    signal: AbortSignal.timeout(5000),
  });
  if (answer.status !== 200) throw new Error(`the token endpoint answered ${answer.status}`);
  const { payload } = await jwtVerify((await answer.json()).id_token, createRemoteJWKSet(new URL(metadata.jwks_uri)), { issuer: settings.issuer, audience: id });
  if (payload.nonce !== nonce) throw new Error('the ID token answers another question');
  const how = payload.amr?.includes('otp') ? 'with a password and a code' : 'with a password';
  return page(html`<p>Signed in as <strong>${payload.name}</strong>, ${how}.</p>${signIn(request, 'Sign in again')}`, cookie('login', ''));
}

async function discover() {
  const answer = await fetch(`${settings.issuer}/.well-known/openid-configuration`, { signal: AbortSignal.timeout(5000) });
  return answer.json();
}

/** Where to pretend to come from is a matter of travel.js; without it the choice has no effect, and is not shown. */
function signIn(request, text) {
  const from = cookieOf(request, 'from');
  const choices = [{ address: '192.0.2.42', text: 'Berlin, at Jane’s' }, ...places.map(({ network, city }) => ({ address: network.replace(/0$/, '77'), text: `${city}, elsewhere` }))];
  const travel = html`
    <form action="/from">
      <fieldset>
        <legend>Pretend to be in</legend>
        ${choices.map(({ address, text }) => html`<label class="choice"><input type="radio" name="address" value="${address}" ${address === from ? html`checked` : ''} required> ${text} (${address})</label>`)}
      </fieldset>
      <button class="link">Go there</button>
    </form>`;
  return html`${process.env.TRAVEL ? travel : ''}<p><a class="button" href="/login">${text}</a></p>`;
}

function page(content, forget) {
  const body = layout({ ...textsFor(), company: 'Example Notes' }, 'Your notes', content).text;
  return { status: 200, headers: { ...headers, ...(forget ? { 'set-cookie': forget } : {}) }, body };
}

const cookieOf = (request, name) => new RegExp(`(?:^|;\\s*)${name}=([^;]*)`).exec(request.headers.cookie ?? '')?.[1] ?? '';

const server = createServer(async (request, response) => {
  let answer;
  try {
    const { pathname, searchParams: query } = new URL(request.url, settings.client);
    answer = (await routes[pathname]?.({ request, query })) ?? { status: 404, headers: {} };
  } catch (fault) {
    log('warning', 'A sign-in did not come to its end', { reason: fault.message });
    answer = { ...page(html`<p class="error" role="alert">The sign-in did not come to its end.</p>${signIn(request, 'Sign in again')}`), status: 400 };
  }

  response.writeHead(answer.status, answer.headers).end(answer.body);
});
server.listen(Number(new URL(settings.client).port), '127.0.0.1', () => log('info', `Listening on ${settings.client}`, { url: settings.client }));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(0));
