// A month of ordinary logins, so that RiskEngine knows what is usual: `EVENTS_KEY_FILE=… node seed.js`. Told as any source would tell them.
import * as settings from './settings.js';

const browser = process.env.USER_AGENT || 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const day = 24 * 3600 * 1000;
const days = 30;
const start = Date.now() - 26 * 3600_000;

/** Jane, Omar and Mila, and colleagues who have no account here and come along in the events only. Everybody at a home of their own. */
const people = ['jane', 'omar', 'mila', 'otto', 'nora', 'paul', 'ines', 'finn'].map((name, at) => ({ id: String(42 + at), name, address: `192.0.2.${42 + at}` }));

const logins = people.flatMap(({ id, name, address }, at) =>
  Array.from({ length: days }, (_, ago) => {
    // Within two hours, at no fixed minute.
    const late = ((at * 37 + ago * 53) % 120) * 60_000;
    return {
      id: `seed-${name}-${ago}`, occurred_at: new Date(start - ago * day + late).toISOString(), kind: 'login', subject: { id, name },
      source_ip: address, user_agent: browser, application: 'notes', auth_method: 'password', mfa: [],
    };
  }));

// In the order in which they happened: what comes late counts for less.
logins.sort((one, other) => one.occurred_at.localeCompare(other.occurred_at));
const response = await fetch(`${settings.riskengine.url}/api/v1/events`, {
  method: 'POST',
  headers: { authorization: `Bearer ${settings.riskengine.eventsKey}`, 'content-type': 'application/x-ndjson' },
  body: logins.map((login) => JSON.stringify(login)).join('\n'),
  signal: AbortSignal.timeout(30_000),
});
console.log(`${response.status} ${await response.text()}`);
process.exitCode = response.status === 202 ? 0 : 1;
