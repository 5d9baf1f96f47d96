// The accounts. `node people.js PASSWORD` prints what to write as a password, `node people.js --code NAME` the code that NAME's app shows now.
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as settings from './settings.js';
import { codeOf, stepAt, stepOf } from './totp.js';

const derive = promisify(scrypt);
const people = JSON.parse(readFileSync(settings.people, 'utf8'));
const nobody = `${'00'.repeat(16)}:${'00'.repeat(32)}`;
const lastSteps = new Map();

export const byName = (name) => people.find((person) => person.name === name.trim().toLowerCase());

export const byId = (id) => people.find((person) => person.id === id);

/** Takes as long for a name that does not exist as for one that does. */
export async function isPassword(person, password) {
  const [salt, hash] = (person?.password ?? nobody).split(':').map((text) => Buffer.from(text, 'hex'));
  const given = await derive(password, salt, hash.length);
  return timingSafeEqual(given, hash) && person !== undefined;
}

/** Whether a code is the person's, now, and was not used before. */
export function isCode(person, code) {
  const counter = stepOf(person.totp, code, Date.now(), lastSteps.get(person.id));
  if (counter !== undefined) lastSteps.set(person.id, counter);
  return counter !== undefined;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [first, name] = process.argv.slice(2);
  if (first === '--code') {
    console.log(codeOf(byName(name).totp, stepAt(Date.now())));
  } else {
    const salt = randomBytes(16);
    console.log(`${salt.toString('hex')}:${(await derive(first, salt, 32)).toString('hex')}`);
  }
}
