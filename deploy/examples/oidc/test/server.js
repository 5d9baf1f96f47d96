// Something that listens where RiskEngine should, and answers as a test says.
import { createServer } from 'node:http';
import { once } from 'node:events';

/** @returns the address, the requests that came, and what ends it. */
export async function listen(answer) {
  const seen = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    seen.push({ path: request.url, headers: request.headers, body });
    answer(response, seen.length);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${server.address().port}`, seen, close: () => (server.closeAllConnections(), server.close()) };
}
