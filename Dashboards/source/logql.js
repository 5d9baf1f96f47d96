// Parses every log query of the generated boards, of panels and of links, with Grafana's own grammar of LogQL, and writes one JSON object for each:
// where it stands, its faults, the streams that it selects, the labels that it asks after that, and the parts of RiskEngine ("source") that it names.
import { readFileSync, readdirSync } from 'node:fs';
import { named } from './logql/evaluate.js';

const folder = new URL('../', import.meta.url);
for (const file of readdirSync(folder).filter((name) => name.endsWith('.json')).sort()) {
  const { panels } = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
  for (const panel of panels) {
    // What Grafana fills in is a duration.
    for (const expr of [...ofPanel(panel), ...ofLinks(panel)]) console.log(JSON.stringify({ place: `${file.replace('.json', '')}/${panel.title}`, expr, ...named(expr.replaceAll(/\$__(range|auto)/g, '5m')) }));
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
