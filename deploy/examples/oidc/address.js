// Whose address a request comes from.
import { isIP } from 'node:net';
import { trustedProxies } from './settings.js';

/**
 * The caller's address: of the connection, or, where that is a proxy that is trusted, the first address in `X-Forwarded-For`, read from the right, that is none.
 * What stands further left was written by the caller and means nothing.
 */
export function callerOf(request) {
  let address = plain(request.socket.remoteAddress ?? '');
  const told = String(request.headers['x-forwarded-for'] ?? '').split(',').map((text) => plain(text.trim()));
  while (isTrusted(address) && isIP(told.at(-1) ?? '')) address = told.pop();
  return address;
}

function isTrusted(address) {
  const family = isIP(address);
  return family !== 0 && trustedProxies.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** IPv4 that came in over a socket for both is IPv4, and a zone says nothing elsewhere. */
function plain(address) {
  return address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
}
