// A login, step by step: ask RiskEngine, check the password, ask for a second factor where that is wanted, tell what happened.
import { randomBytes, randomUUID } from 'node:crypto';
import { callerOf } from './address.js';
import { log } from './log.js';
import * as pages from './pages.js';
import * as people from './people.js';
import { evaluate } from './riskengine.js';
import * as settings from './settings.js';
import { textsFor } from './texts.js';

/** Wrong codes after which one has to begin again, and RiskEngine is asked again. */
const triesAllowed = 5;
const longestForm = 8192;
const pendingAllowed = 10_000;
const pendingFor = 10 * 60_000;

export class Login {
  /** Logins whose password was right and that wait for a code, by interaction. Bounded, and in memory: after a restart people begin again. */
  #pending = new Map();

  constructor(provider, events) {
    [this.provider, this.events] = [provider, events];
  }

  /** Answers what comes to `/interaction/…`. oidc-provider's cookie, which other sites cannot send along with a form, says whose login it is. */
  async handle(request, response) {
    const texts = textsFor(request.headers['accept-language']);
    const interaction = await this.provider.interactionDetails(request, response).catch(() => undefined);
    if (interaction?.prompt.name !== 'login') return pages.send(response, 400, pages.ended(texts));
    const [, , uid, part] = new URL(request.url, settings.issuer).pathname.split('/');
    if (uid !== interaction.uid) return pages.send(response, 400, pages.ended(texts));

    const visit = { request, response, texts, uid, action: `/interaction/${uid}`, application: await this.#application(interaction) };
    const pending = this.#find(uid);
    if (request.method !== 'POST') return pending ? this.#askForCode(visit) : this.#askForPassword(visit);
    const form = await read(request);
    if (part === undefined) return this.#password(visit, form.get('name') ?? '', form.get('password') ?? '');
    if (part === 'code' && pending) return this.#code(visit, pending, form.get('code') ?? '');
    this.#pending.delete(uid);
    return this.#askForPassword(visit);
  }

  async #password(visit, name, password) {
    const person = people.byName(name);
    const login = describe(visit, person, name);
    // Before the password is looked at: a blocked address cannot try any.
    let action = await evaluate(settings.riskengine, { kind: 'login_attempt', ...login, ...(person ? {} : { reason: 'unknown_user' }) });
    if (action === 'unknown') action = settings.unanswered;
    else log('info', 'A login was asked about', { action, request_id: login.request_id });
    if (action === 'block') {
      this.events.tell({ kind: 'login_attempt', ...login });
      return pages.send(visit.response, 403, pages.blocked(visit.texts, { address: login.source_ip }));
    }

    if (!(await people.isPassword(person, password))) {
      this.events.tell({ kind: 'login_failed', ...login, reason: person ? 'wrong_password' : 'unknown_user' });
      return this.#askForPassword(visit, visit.texts.password.wrong, name);
    }

    if (action !== 'challenge') return this.#finish(visit, person, login, []);
    if (person.totp) {
      this.#keep(visit.uid, { person, login, tries: 0, until: Date.now() + pendingFor });
      return this.#askForCode(visit);
    }

    if (settings.withoutSecondFactor === 'skip') return this.#finish(visit, person, login, []);
    this.events.tell({ kind: 'challenge_failed', ...login, reason: 'no_second_factor' });
    return pages.send(visit.response, 403, pages.withoutFactor(visit.texts));
  }

  async #code(visit, pending, code) {
    const { person, login } = pending;
    if (people.isCode(person, code)) {
      this.#pending.delete(visit.uid);
      return this.#finish(visit, person, login, ['totp']);
    }

    this.events.tell({ kind: 'mfa_failed', ...login, reason: 'wrong_code' });
    if (++pending.tries < triesAllowed) return this.#askForCode(visit, visit.texts.code.wrong);
    this.#pending.delete(visit.uid);
    this.events.tell({ kind: 'challenge_failed', ...login, reason: 'too_many_wrong_codes' });
    return this.#askForPassword(visit, visit.texts.password.tooMany);
  }

  /** The person is in: the event says with what, and bears the id that was asked with, so that question, challenge and login are joined. */
  async #finish({ request, response }, person, login, mfa) {
    const device = login.device_id ?? randomBytes(16).toString('hex');
    const secure = settings.issuer.startsWith('https:') ? '; Secure' : '';
    response.setHeader('set-cookie', `device=${device}; Path=/interaction; Max-Age=31536000; HttpOnly; SameSite=Lax${secure}`);
    // The login first: it is judged as what it was when it was challenged, and its second factor is what it teaches by.
    this.events.tell({ kind: 'login', ...login, device_id: device, mfa });
    if (mfa.length > 0) this.events.tell({ kind: 'challenge_passed', ...login, device_id: device, mfa });
    // How, in the words of RFC 8176.
    await this.provider.interactionFinished(request, response, { login: { accountId: person.id, amr: mfa.length > 0 ? ['pwd', 'otp', 'mfa'] : ['pwd'] } }, { mergeWithLastSubmission: false });
  }

  #askForPassword({ response, texts, action, application }, error, name) {
    pages.send(response, 200, pages.password(texts, { action, application: application.name, name, error }));
  }

  #askForCode({ response, texts, action }, error) {
    pages.send(response, 200, pages.code(texts, { action, error }));
  }

  async #application({ params }) {
    const client = await this.provider.Client.find(params.client_id);
    return { id: params.client_id, name: client?.clientName ?? params.client_id };
  }

  #find(uid) {
    const pending = this.#pending.get(uid);
    return pending && pending.until > Date.now() ? pending : undefined;
  }

  #keep(uid, pending) {
    this.#pending.delete(uid);
    // The oldest first, as a map keeps the order in which it was filled.
    for (const [other, { until }] of this.#pending) {
      if (until > Date.now() && this.#pending.size < pendingAllowed) break;
      this.#pending.delete(other);
    }

    this.#pending.set(uid, pending);
  }
}

/** What RiskEngine is told of a login, in the question and in the events after it. */
function describe({ request, application }, person, name) {
  return {
    subject: person ? { id: person.id, name: person.name, groups: person.groups } : { name: clean(name, 256) },
    source_ip: callerOf(request),
    user_agent: clean(request.headers['user-agent'] ?? '', 2048),
    device_id: /(?:^|;\s*)device=([0-9a-f]{32})(?:;|$)/.exec(request.headers.cookie ?? '')?.[1],
    request_id: randomUUID(),
    application: application.id,
    auth_method: 'password',
  };
}

const clean = (text, length) => text.replaceAll('\0', '').slice(0, length).toWellFormed();

async function read(request) {
  const pieces = [];
  let length = 0;
  for await (const piece of request) {
    length += piece.length;
    if (length > longestForm) return new URLSearchParams();
    pieces.push(piece);
  }

  return new URLSearchParams(Buffer.concat(pieces).toString());
}
