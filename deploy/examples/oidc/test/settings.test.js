import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

const start = (environment) => spawnSync(process.execPath, [fileURLToPath(new URL('../settings.js', import.meta.url))], { env: { PATH: process.env.PATH, ...environment }, encoding: 'utf8' });

test('all faulty settings are told at once', () => {
  const { status, stderr } = start({ PORT: 'x', ISSUER: 'http://a', RISKENGINE: 'ftp://a', UNANSWERED: 'maybe', TRUSTED_PROXIES: '127.0.0.1,nowhere,10.0.0.0/99', EVENTS_KEY_FILE: '/nowhere' });
  assert.equal(status, 2);
  assert.deepEqual(stderr.trim().split('\n').map((line) => line.split(':')[0]), ['PORT', 'TRUSTED_PROXIES', 'TRUSTED_PROXIES', 'RISKENGINE', 'EVENTS_KEY_FILE', 'UNANSWERED']);
});

test('the defaults are in order', () => assert.equal(start({}).status, 0));
