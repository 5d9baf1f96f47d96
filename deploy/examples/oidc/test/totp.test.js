import assert from 'node:assert/strict';
import test from 'node:test';
import { codeOf, stepAt, stepOf } from '../totp.js';

const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const now = 1000 * 30_000;

test('codes are those of the RFC', () => {
  // RFC 6238, appendix B, SHA-1: the last six of its eight digits.
  const expected = { 59: '287082', 1111111109: '081804', 1111111111: '050471', 1234567890: '005924', 2000000000: '279037', 20000000000: '353130' };
  for (const [second, code] of Object.entries(expected)) assert.equal(codeOf(secret, stepAt(second * 1000)), code);
});

test('a code is good for its neighbours', () => {
  assert.deepEqual([998, 999, 1000, 1001, 1002].map((step) => stepOf(secret, codeOf(secret, step), now)), [undefined, 999, 1000, 1001, undefined]);
  assert.equal(stepOf(secret, codeOf(secret, 1000).replace(/^.../, '$& '), now), 1000);
});

test('a code is good once, and an older one no more', () => {
  assert.equal(stepOf(secret, codeOf(secret, 1000), now, 1000), undefined);
  assert.equal(stepOf(secret, codeOf(secret, 999), now, 1000), undefined);
  assert.equal(stepOf(secret, codeOf(secret, 1001), now, 1000), 1001);
});

test('what is no code is none', () => {
  for (const code of ['', '12345', '1234567', 'abcdef', '１２３４５６', '\0\0\0\0\0\0']) assert.equal(stepOf(secret, code, now), undefined);
});
