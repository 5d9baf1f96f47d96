// Evaluates the log rules of Alerts/loki over lines from standard input, one JSON object each ({at, labels, metadata, line}), at the time that is given in
// milliseconds. Writes one JSON object for each rule: its name, its faults by the grammar, the labels that it names, and the samples that it fires with.
import { readFileSync, readdirSync } from 'node:fs';
import { evaluate, named } from './logql/evaluate.js';

const folder = new URL('../../Alerts/loki/', import.meta.url);
const now = Number(process.argv[2]);
const entries = readFileSync(0, 'utf8').split('\n').filter((line) => line.length > 0).map((line) => JSON.parse(line));
for (const file of readdirSync(folder).sort()) {
  const text = readFileSync(new URL(file, folder), 'utf8');
  for (const [, alert, expr] of text.matchAll(/^ *- alert: (\w+)\n *expr: (.+)$/gm)) {
    const { faults, labels } = named(expr);
    console.log(JSON.stringify({ alert, expr, faults, labels, samples: faults.length > 0 ? [] : evaluate(expr, entries, now) }));
  }
}
