import assert from 'node:assert/strict';
import test from 'node:test';
import { textsFor } from '../texts.js';

const cases = { '': 'en', 'de': 'de', 'de-AT,en;q=0.5': 'de', 'en-GB,de;q=0.9': 'en', 'fr,de;q=0.3,en;q=0.2': 'de', 'de;q=0,en': 'en', 'fr': 'en', ',,;q=': 'en', 'DE': 'de' };
for (const [header, language] of Object.entries(cases)) {
  test(`who asks for "${header}" reads ${language}`, () => assert.equal(textsFor(header).language, language));
}

test('both languages say the same things', () => {
  const shape = (value) => (typeof value === 'object' ? Object.entries(value).map(([key, inner]) => [key, shape(inner)]) : typeof value);
  assert.deepEqual(shape(textsFor('de')), shape(textsFor('en')));
});
