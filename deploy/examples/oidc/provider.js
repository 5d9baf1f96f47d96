// An OpenID provider with a login page of its own. Accounts, keys and sessions live in memory: this is an example of how to ask, not a provider to run.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';
import { Events } from './events.js';
import { log } from './log.js';
import { Login } from './login.js';
import * as pages from './pages.js';
import * as people from './people.js';
import * as settings from './settings.js';
import { textsFor } from './texts.js';

const minute = 60;
const provider = new Provider(settings.issuer, {
  clients: [{ client_id: 'notes', client_name: 'Example Notes', redirect_uris: [`${settings.client}/callback`], token_endpoint_auth_method: 'none', id_token_signed_response_alg: 'ES256' }],
  pkce: { required: () => true },
  claims: { openid: ['sub', 'amr'], profile: ['name', 'preferred_username'] },
  // In the ID token, where the relying party looks; else it would have to ask a second time.
  conformIdTokenClaims: false,
  findAccount: (_, id) => account(people.byId(id)),
  // The company's own application: nobody is asked whether it may know who signs in.
  loadExistingGrant: async ({ oidc }) => {
    const grant = new provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
    grant.addOIDCScope('openid profile');
    await grant.save();
    return grant;
  },
  interactions: { url: (_, { uid }) => `/interaction/${uid}` },
  features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: false } },
  renderError: (context, _, fault) => {
    log('warning', 'A request could not be answered', { reason: fault.error ?? fault.name });
    context.set(pages.headers);
    context.body = pages.ended(textsFor(context.get('accept-language'))).text;
  },
  cookies: { keys: [randomBytes(32).toString('hex')] },
  jwks: { keys: [{ ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' }] },
  ttl: { AccessToken: 10 * minute, AuthorizationCode: minute, Grant: 60 * minute, IdToken: 10 * minute, Interaction: 10 * minute, Session: 60 * minute },
});

const events = new Events(settings.riskengine);
const login = new Login(provider, events);
const style = readFileSync(new URL('style.css', import.meta.url));
const others = provider.callback();
const server = createServer({ requestTimeout: 10_000, headersTimeout: 5000 }, (request, response) => {
  if (request.url === '/style.css') return response.writeHead(200, { 'content-type': 'text/css', 'cache-control': 'max-age=300' }).end(style);
  if (!request.url.startsWith('/interaction/')) return others(request, response);
  return login.handle(request, response).catch((fault) => {
    log('error', 'A login broke off', { reason: fault.code ?? fault.name });
    if (!response.headersSent) pages.send(response, 500, pages.ended(textsFor(request.headers['accept-language'])));
  });
});
server.listen(settings.port, '127.0.0.1', () => log('info', `Listening on ${settings.issuer}`, { url: settings.issuer }));

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    server.close();
    server.closeAllConnections();
    events.stop(2000).then(() => process.exit(0));
  });
}

function account(person) {
  return person && { accountId: person.id, claims: () => ({ sub: person.id, name: person.full_name, preferred_username: person.name }) };
}
