// What can be set, by environment. Every fault is told at once, with what to write instead.
import { readFileSync } from 'node:fs';
import { BlockList, isIP } from 'node:net';

const faults = [];

/** Where the provider listens, on this machine only: the passwords of its people stand in the README. */
export const port = number('PORT', 3000, 1, 65535);

/** How browsers reach it: behind a proxy that is the proxy's address. */
export const issuer = url('ISSUER', `http://127.0.0.1:${port}`);

/** Where the relying party listens, and thereby where people are sent back to. */
export const client = url('CLIENT', 'http://127.0.0.1:4000');

export const people = process.env.PEOPLE || new URL('people.json', import.meta.url);

/** Proxies whose `X-Forwarded-For` is believed, as addresses and networks with commas between; from anybody else it is not looked at. */
export const trustedProxies = networks('TRUSTED_PROXIES');

export const riskengine = {
  url: url('RISKENGINE', 'http://127.0.0.1:8080'),
  /** May ask (scope `evaluate`) and tell (scope `events:write`), each nothing else. A file each; without one nobody is asked, or nothing told. */
  evaluateKey: key('EVALUATE_KEY_FILE'),
  eventsKey: key('EVENTS_KEY_FILE'),
  /** How long a login waits for an answer, in seconds: name server, connection and answer together. */
  wait: number('WAIT_SECONDS', 1, 0.05, 30),
};

/** What follows when RiskEngine gives no answer: `allow`, or `challenge`, which asks for a second factor. Nobody is refused for want of an answer. */
export const unanswered = choice('UNANSWERED', ['allow', 'challenge']);

/** What a challenged person without a second factor meets: `deny`, or `skip`, which lets in whoever has the password. */
export const withoutSecondFactor = choice('WITHOUT_SECOND_FACTOR', ['deny', 'skip']);

if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exit(2);
}

function number(name, otherwise, least, most) {
  const value = Number(process.env[name] || otherwise);
  if (!(value >= least && value <= most)) faults.push(`${name}: expected ${least} to ${most}, found "${process.env[name]}"`);
  return value;
}

function choice(name, words) {
  const value = process.env[name] || words[0];
  if (!words.includes(value)) faults.push(`${name}: expected ${words.join(' or ')}, found "${value}"`);
  return value;
}

function url(name, otherwise) {
  const value = process.env[name] || otherwise;
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol)) faults.push(`${name}: expected an address such as ${otherwise}, found "${value}"`);
  return value.replace(/\/+$/, '');
}

function key(name) {
  const file = process.env[name];
  if (!file) return undefined;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (fault) {
    faults.push(`${name}: ${file} cannot be read (${fault.code})`);
    return undefined;
  }
}

function networks(name) {
  const list = new BlockList();
  for (const entry of (process.env[name] ?? '').split(',').map((text) => text.trim()).filter(Boolean)) {
    const [address, bits] = entry.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    try {
      if (bits === undefined) list.addAddress(address, family);
      else list.addSubnet(address, Number(bits), family);
    } catch {
      faults.push(`${name}: expected addresses and networks such as 127.0.0.1,10.0.0.0/8, found "${entry}"`);
    }
  }

  return list;
}
