// LogQL by Grafana's own grammar: faults of a query, what it names, and what it is over given lines. The last is an evaluator of the part of LogQL that our
// rules use; it refuses the rest by name rather than guess.
import { parser } from '@grafana/lezer-logql';

/** @typedef {{ at: number, labels: Record<string, string>, metadata: Record<string, string>, line: string }} Entry at: milliseconds. */
/** @typedef {{ labels: Record<string, string>, value: number }} Sample */

/** What a query names: its faults, streams, and the labels that it asks after the selector. @param {string} text */
export function named(text) {
  /** @type {string[]} */ const faults = [];
  /** @type {Set<string>} */ const labels = new Set();
  /** @type {Set<string>} */ const sources = new Set();
  /** @type {string[][][]} */ const selectors = [];
  const tree = parser.parse(text);
  tree.iterate({
    enter(node) {
      if (node.type.isError) faults.push(`at ${node.from}: ${text.slice(node.from, node.from + 20)}`);
      if (node.name === 'Selector') {
        selectors.push(matchers(node.node, text));
        return false;
      }

      if (node.name === 'Identifier') labels.add(text.slice(node.from, node.to));
      if (node.name === 'Matcher' && text.slice(node.from, node.to).startsWith('source=')) sources.add(text.slice(node.from, node.to).replace(/^source="(.*)"$/, '$1'));
      return true;
    },
  });
  return { faults, labels: [...labels], sources: [...sources], selectors };
}

/** What a metric query is at a time. @param {string} text @param {Entry[]} entries @param {number} now @returns {Sample[]} */
export function evaluate(text, entries, now) {
  const top = /** @type {any} */ (parser.parse(text).topNode);
  return metric(only(only(top, 'Expr'), 'MetricExpr'), text, entries, now);
}

function metric(node, text, entries, now) {
  const child = node.firstChild;
  switch (child.name) {
    case 'BinOpExpr': return compared(child, text, entries, now);
    case 'VectorAggregationExpr': return aggregated(child, text, entries, now);
    case 'RangeAggregationExpr': return counted(child, text, entries, now);
    default: throw new Error(`${child.name} is not evaluated here`);
  }
}

/** A vector against a number; what does not hold is left out. */
function compared(node, text, entries, now) {
  const [left, operator, , right] = children(node);
  const limit = Number(text.slice(right.from, right.to));
  if (Number.isNaN(limit)) throw new Error('only numbers are compared with here');
  const holds = { Gtr: (v) => v > limit, Gte: (v) => v >= limit, Lss: (v) => v < limit, Lte: (v) => v <= limit }[operator.name];
  if (!holds) throw new Error(`${operator.name} is not evaluated here`);
  return metric(only(left, 'MetricExpr'), text, entries, now).filter((sample) => holds(sample.value));
}

function aggregated(node, text, entries, now) {
  const operation = only(node, 'VectorOp').firstChild.name;
  const by = identifiers(only(node, 'Grouping'), text);
  const groups = new Map();
  for (const { labels, value } of metric(only(node, 'MetricExpr'), text, entries, now)) {
    const kept = Object.fromEntries(by.filter((name) => name in labels).map((name) => [name, labels[name]]));
    const key = JSON.stringify(kept);
    const group = groups.get(key) ?? { labels: kept, value: 0 };
    if (operation !== 'Sum' && operation !== 'Count') throw new Error(`${operation} is not evaluated here`);
    group.value += operation === 'Sum' ? value : 1;
    groups.set(key, group);
  }

  return [...groups.values()];
}

function counted(node, text, entries, now) {
  const operation = only(node, 'RangeOp').firstChild.name;
  const log = only(node, 'LogRangeExpr');
  const range = seconds(text.slice(log.getChild('Range').from + 1, log.getChild('Range').to - 1)) * 1000;
  const found = entries.filter((entry) => entry.at > now - range && entry.at <= now).map((entry) => piped(log, text, entry)).filter((labels) => labels !== null);
  if (operation === 'AbsentOverTime') {
    const equal = matchers(log.getChild('Selector'), text).filter(([, operator]) => operator === '=');
    return found.length > 0 ? [] : [{ labels: Object.fromEntries(equal.map(([name, , value]) => [name, value])), value: 1 }];
  }

  if (operation !== 'CountOverTime') throw new Error(`${operation} is not evaluated here`);
  const series = new Map();
  for (const labels of found) {
    const key = JSON.stringify(Object.entries(labels).sort());
    const sample = series.get(key) ?? { labels, value: 0 };
    sample.value++;
    series.set(key, sample);
  }

  return [...series.values()];
}

/** The labels of an entry behind the pipeline; null where it does not come through. */
function piped(log, text, entry) {
  if (!matchers(log.getChild('Selector'), text).every((matcher) => matches(matcher, entry.labels))) return null;
  let labels = { ...entry.labels, ...entry.metadata };
  for (const stage of stages(log.getChild('PipelineExpr'))) {
    const kind = stage.firstChild.name === 'Pipe' ? stage.firstChild.nextSibling : stage.firstChild;
    if (kind.name === 'LineFilters') {
      const filter = only(kind, 'LineFilter');
      const operator = text.slice(filter.firstChild.from, filter.firstChild.to);
      const has = entry.line.includes(unquoted(only(filter, 'String'), text));
      if (operator !== '|=' && operator !== '!=') throw new Error(`${operator} is not evaluated here`);
      if (has !== (operator === '|=')) return null;
    } else if (kind.name === 'LabelParser' && kind.firstChild.name === 'Json') {
      // What the stream or its metadata have already gets another name.
      for (const [name, value] of flat(JSON.parse(entry.line))) labels = { ...labels, [name in labels ? `${name}_extracted` : name]: value };
    } else if (kind.name === 'LabelFilter' && kind.firstChild.name === 'Matcher') {
      if (!matches(matcherOf(kind.firstChild, text), labels)) return null;
    } else {
      throw new Error(`${text.slice(stage.from, stage.to)} is not evaluated here`);
    }
  }

  return labels;
}

/** Names with values of an object, those within joined by underscores; lists are left out, as Loki does. */
function flat(object, before = '') {
  return Object.entries(object).flatMap(([name, value]) => {
    if (value === null || Array.isArray(value)) return [];
    return typeof value === 'object' ? flat(value, `${before}${name}_`) : [[`${before}${name}`, String(value)]];
  });
}

function stages(pipeline) {
  if (!pipeline) return [];
  return [...stages(pipeline.getChild('PipelineExpr')), ...(pipeline.getChild('PipelineStage') ? [pipeline.getChild('PipelineStage')] : [])];
}

/** Name, operator and value of every matcher below a node, in order. */
function matchers(node, text) {
  const found = [];
  node.cursor().iterate((inner) => { if (inner.name === 'Matcher') found.push(matcherOf(inner.node, text)); });
  return found;
}

function matcherOf(node, text) {
  const [name, operator, value] = children(node);
  return [text.slice(name.from, name.to), text.slice(operator.from, operator.to), unquoted(value, text)];
}

/** A label that is not there is empty. */
function matches([name, operator, value], labels) {
  const actual = labels[name] ?? '';
  switch (operator) {
    case '=': return actual === value;
    case '!=': return actual !== value;
    case '=~': return new RegExp(`^(?:${value})$`, 's').test(actual);
    case '!~': return !new RegExp(`^(?:${value})$`, 's').test(actual);
    default: throw new Error(`${operator} is not evaluated here`);
  }
}

function identifiers(node, text) {
  const found = [];
  node.cursor().iterate((inner) => { if (inner.name === 'Identifier') found.push(text.slice(inner.from, inner.to)); });
  return found;
}

const seconds = (text) => Number(text.slice(0, -1)) * { s: 1, m: 60, h: 3600 }[text.at(-1)];

const unquoted = (node, text) => JSON.parse(text.slice(node.from, node.to));

function children(node) {
  const found = [];
  for (let child = node.firstChild; child; child = child.nextSibling) found.push(child);
  return found;
}

function only(node, name) {
  const child = node.getChild(name);
  if (!child) throw new Error(`${node.name} without ${name} is not evaluated here`);
  return child;
}
