// Parses every log query of the generated boards, of panels and of links, with Grafana's own grammar of LogQL, and writes one JSON object for each:
// where it stands, its faults, the labels that it asks after "| json", and the parts of RiskEngine ("source") that it names.
import { readFileSync, readdirSync } from 'node:fs';
import { parser } from '@grafana/lezer-logql';

const folder = new URL('../', import.meta.url);
for (const file of readdirSync(folder).filter((name) => name.endsWith('.json')).sort()) {
  const { panels } = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
  for (const panel of panels) {
    for (const expr of [...ofPanel(panel), ...ofLinks(panel)]) console.log(JSON.stringify({ place: `${file.replace('.json', '')}/${panel.title}`, expr, ...parsed(expr) }));
  }
}

function ofPanel(panel) {
  return (panel.targets ?? []).filter((target) => target.datasource.type === 'loki').map((target) => target.expr);
}

function ofLinks(panel) {
  return (panel.links ?? []).filter((link) => link.url.startsWith('/explore')).flatMap((link) => {
    const { a } = JSON.parse(decodeURIComponent(link.url.slice(link.url.indexOf('panes=') + 6)));
    return a.queries.filter((query) => query.datasource.type === 'loki').map((query) => query.expr);
  });
}

function parsed(expr) {
  // What Grafana fills in is a duration.
  const text = expr.replaceAll(/\$__(range|auto)/g, '5m');
  const faults = [];
  const labels = new Set();
  const sources = new Set();
  parser.parse(text).iterate({
    enter(node) {
      if (node.type.isError) faults.push(`at ${node.from}: ${text.slice(node.from, node.from + 20)}`);
      if (node.name === 'Selector') return false;
      if (node.name === 'Identifier') labels.add(text.slice(node.from, node.to));
      if (node.name === 'Matcher' && text.slice(node.from, node.to).startsWith('source=')) sources.add(text.slice(node.from, node.to).replace(/^source="(.*)"$/, '$1'));
      return true;
    },
  });
  return { faults, labels: [...labels], sources: [...sources] };
}
