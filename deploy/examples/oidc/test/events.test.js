import assert from 'node:assert/strict';
import test from 'node:test';
import { Events } from '../events.js';
import { listen } from './server.js';

const taken = (response) => response.writeHead(202, { 'content-type': 'application/json' }).end('{"accepted":1,"duplicates":0,"rejected":[]}');
const reasonsOf = (requests) => requests.flatMap(({ body }) => body.split('\n').map((line) => JSON.parse(line).reason));

async function until(isSo) {
  const started = performance.now();
  while (!isSo()) {
    assert.ok(performance.now() - started < 20_000, 'not seen in time');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('events come in order, many at once, each with an id and a time', async () => {
  const server = await listen(taken);
  const events = new Events({ url: server.url, eventsKey: 'k' });
  for (let i = 0; i < 250; i++) events.tell({ kind: 'login_failed', reason: String(i) });
  await until(() => reasonsOf(server.seen).length === 250);
  assert.deepEqual(reasonsOf(server.seen), Array.from({ length: 250 }, (_, i) => String(i)));
  assert.ok(server.seen.length <= 4, `${server.seen.length} requests`);
  const [first] = server.seen[0].body.split('\n').map((line) => JSON.parse(line));
  assert.match(first.id, /^[0-9a-f-]{36}$/);
  assert.ok(Math.abs(Date.parse(first.occurred_at) - Date.now()) < 60_000);

  // And again, when nothing waited for a while.
  events.tell({ kind: 'login', reason: 'later' });
  await until(() => reasonsOf(server.seen).at(-1) === 'later');
  server.close();
});

test('what is not taken is sent again under the same id', async () => {
  const server = await listen((response, count) => (count === 1 ? response.destroy() : count === 2 ? response.writeHead(503).end() : taken(response)));
  const events = new Events({ url: server.url, eventsKey: 'k' });
  events.tell({ kind: 'login', reason: 'one' });
  await until(() => server.seen.length === 3);
  assert.equal(new Set(server.seen.map(({ body }) => JSON.parse(body.split('\n')[0]).id)).size, 1);
  await events.stop(2000);
  assert.equal(server.seen.length, 3);
  server.close();
});

test('memory is bounded while RiskEngine is away, and stopping does not wait for it', async () => {
  const server = await listen(() => {});
  const events = new Events({ url: server.url, eventsKey: 'k' });
  const written = [];
  const write = process.stdout.write;
  process.stdout.write = (text, ...more) => (String(text).startsWith('{"time"') ? written.push(JSON.parse(text)) : write.call(process.stdout, text, ...more));
  try {
    for (let i = 0; i < 5000; i++) events.tell({ kind: 'login_failed', reason: String(i) });
    await events.stop(50);
  } finally {
    process.stdout.write = write;
    server.close();
  }

  assert.equal(written.filter(({ message }) => message.startsWith('Too many events wait')).length, 1);
  assert.equal(written.find(({ message }) => message.endsWith('are lost')).count, 1000);
});
