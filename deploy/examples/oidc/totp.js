// One-time codes by time: RFC 6238 over RFC 4226, six digits, thirty seconds, SHA-1, as every authenticator app knows them.
import { createHmac, timingSafeEqual } from 'node:crypto';

const step = 30;
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The code of a step (RFC 4226, section 5.3). */
export function codeOf(secret, counter) {
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(counter));
  const digest = createHmac('sha1', bytesOf(secret)).update(message).digest();
  const number = digest.readUInt32BE(digest[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

export const stepAt = (milliseconds) => Math.floor(milliseconds / 1000 / step);

/**
 * The step that a code is of: the present one, or a neighbour, since clocks differ (RFC 6238, section 5.2). Undefined where it is of none of them, or of one not
 * newer than `last`: a code is good once.
 */
export function stepOf(secret, code, now, last = -1) {
  const given = Buffer.from(code.replace(/\s/g, ''));
  const present = stepAt(now);
  const steps = [present, present - 1, present + 1].filter((counter) => counter > last);
  return steps.find((counter) => given.length === 6 && timingSafeEqual(Buffer.from(codeOf(secret, counter)), given));
}

/** Base32 (RFC 4648, section 6). */
function bytesOf(text) {
  const bits = [...text].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
}
