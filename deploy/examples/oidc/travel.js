// A reverse proxy that says its visitor comes from where the cookie `from` of the relying party has it: so that one browser can be in Berlin and in Tokyo.
import { createServer, request as ask } from 'node:http';
import { log } from './log.js';
import * as settings from './settings.js';

const server = createServer((incoming, outgoing) => {
  const from = /(?:^|;\s*)from=([\d.]+)/.exec(incoming.headers.cookie ?? '')?.[1];
  const headers = { ...incoming.headers, 'x-forwarded-for': from ?? incoming.socket.remoteAddress };
  const asked = ask({ port: settings.port, host: '127.0.0.1', path: incoming.url, method: incoming.method, headers, timeout: 30_000 }, (answer) => {
    outgoing.writeHead(answer.statusCode, answer.headers);
    answer.pipe(outgoing);
  });
  asked.on('timeout', () => asked.destroy());
  asked.on('error', () => (outgoing.headersSent ? outgoing.destroy() : outgoing.writeHead(502).end()));
  incoming.pipe(asked);
});
server.listen(Number(new URL(settings.issuer).port), '127.0.0.1', () => log('info', `Listening on ${settings.issuer}`, { url: settings.issuer }));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(0));
