import assert from 'node:assert/strict';
import test from 'node:test';
import { evaluate } from '../riskengine.js';
import { listen } from './server.js';

const evaluateKey = 'rk_that_is_secret';

async function ask(answer, { wait = 20, key = evaluateKey } = {}) {
  const server = await listen(answer);
  const written = [];
  const write = process.stdout.write;
  process.stdout.write = (text, ...more) => (String(text).startsWith('{"time"') ? written.push(text) : write.call(process.stdout, text, ...more));
  try {
    return { action: await evaluate({ url: server.url, evaluateKey: key, wait }, { subject: { name: 'jane' }, request_id: 'r-1' }), log: written.join(''), seen: server.seen };
  } finally {
    process.stdout.write = write;
    server.close();
  }
}

const say = (body, status = 200, headers = {}) => (response) => response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));

test('it asks once, with its key, as JSON', async () => {
  const { seen, log } = await ask(say({ decision: 'allow', enforced: true, valve: null }));
  assert.equal(seen.length, 1);
  assert.equal(seen[0].path, '/api/v1/evaluate');
  assert.equal(seen[0].headers.authorization, `Bearer ${evaluateKey}`);
  assert.deepEqual(JSON.parse(seen[0].body), { subject: { name: 'jane' }, request_id: 'r-1' });
  assert.equal(log, '');
});

for (const decision of ['allow', 'notify', 'challenge', 'block']) {
  test(`${decision} is obeyed where it is enforced, and watched where it is not`, async () => {
    assert.equal((await ask(say({ decision, enforced: true, valve: null }))).action, decision);
    assert.equal((await ask(say({ decision, enforced: false, valve: null }))).action, 'watched');
  });
}

test('a block that the valve held back is a challenge', async () => {
  assert.equal((await ask(say({ decision: 'challenge', enforced: false, valve: 'newly_hit_subjects' }))).action, 'challenge');
});

const unanswered = {
  'no JSON': [say('<html>'), 'SyntaxError'],
  'nothing': [say(''), 'SyntaxError'],
  'another shape': [say({ decision: 'maybe', enforced: true }), 'not understood'],
  'no word on whether it is enforced': [say({ decision: 'block' }), 'not understood'],
  'null': [say('null'), 'not understood'],
  'a refusal': [say({}, 401), 'status 401'],
  'overload': [say({}, 503, { 'retry-after': '1' }), 'status 503'],
  'a redirection, since the key would go along': [say('', 307, { location: 'http://127.0.0.1:1/' }), 'status 307'],
  'an answer without end': [(response) => setInterval(() => response.write(' '.repeat(8192)), 1).unref(), 'too long'],
  'a hung-up connection': [(response) => response.destroy(), 'UND_ERR_SOCKET'],
};
for (const [name, [answer, reason]] of Object.entries(unanswered)) {
  test(`no answer is: ${name}`, async () => {
    const { action, log, seen } = await ask(answer);
    assert.equal(action, 'unknown');
    assert.equal(JSON.parse(log).reason, reason);
    assert.equal(seen.length, 1);
    assert.ok(!log.includes(evaluateKey) && !log.includes('jane') && !log.includes('127.0.0.1'), log);
  });
}

test('silence, and an answer that drips, are waited for so long and no longer', async () => {
  for (const answer of [() => {}, (response) => setInterval(() => response.write(' '), 20).unref()]) {
    const started = performance.now();
    const { action, log } = await ask(answer, { wait: 0.2 });
    assert.equal(action, 'unknown');
    assert.equal(JSON.parse(log).reason, 'TimeoutError');
    assert.ok(performance.now() - started < 10_000);
  }
});

test('without a key nobody is asked', async () => {
  const { action, log, seen } = await ask(say({ decision: 'block', enforced: true }), { key: '' });
  assert.equal(action, 'unknown');
  assert.equal(JSON.parse(log).reason, 'no key');
  assert.equal(seen.length, 0);
});
