// A board: variables, annotations and links that all share, and panels in rows.
import {
  AnnotationQueryBuilder, DashboardBuilder, DashboardCursorSync, DashboardLinkBuilder, DashboardLinkType, DatasourceVariableBuilder, QueryVariableBuilder, RowBuilder,
  VariableRefresh, VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { here, instant, prometheus } from './queries.js';

/** @typedef {import('@grafana/grafana-foundation-sdk/cog').Builder<import('@grafana/grafana-foundation-sdk/dashboard').Panel>} Panel */

/**
 * @param {{ uid: string, title: string, says: string, from?: string, refresh?: string, logs?: boolean, annotated?: boolean, instances?: string,
 *   variables?: QueryVariableBuilder[], tags?: string[] }} words instances: the label_values that the variable "instance" is made of.
 * @param {[string, Panel[]][]} rows
 */
export function board(words, rows) {
  const made = new DashboardBuilder(words.title)
    .uid(words.uid).description(words.says).tags(['riskengine', ...(words.tags ?? [])]).timezone('browser').tooltip(DashboardCursorSync.Crosshair)
    .time({ from: words.from ?? 'now-6h', to: 'now' }).refresh(words.refresh ?? '1m').editable()
    .withVariable(new DatasourceVariableBuilder('prometheus').label('Metrics').type('prometheus').description('Prometheus, or Thanos Query for what is older than a day.'));
  if (words.logs ?? true) made.withVariable(new DatasourceVariableBuilder('loki').label('Logs').type('loki').description('Where the lines of RiskEngine are kept.'));
  made.withVariable(chosen('instance', 'Instance', words.instances ?? 'label_values(riskengine_build_info, instance)'));
  for (const variable of words.variables ?? []) made.withVariable(variable);
  if (words.annotated ?? true) for (const annotation of annotations()) made.annotation(annotation);
  made.link(new DashboardLinkBuilder('RiskEngine').type(DashboardLinkType.Dashboards).tags(['riskengine']).asDropdown(true).includeVars(true).keepTime(true));
  for (const [title, panels] of rows) {
    made.withRow(new RowBuilder(title));
    for (const panel of panels) made.withPanel(panel);
  }

  const json = made.build();
  json.id = null;
  (json.panels ?? []).forEach((panel, i) => { panel.id = i + 1; });
  return json;
}

/** A variable of several values, all of them at first. @param {string} name @param {string} label @param {string} query */
export function chosen(name, label, query) {
  return new QueryVariableBuilder(name).label(label).datasource(prometheus).query({ query, refId: name }).definition(query).refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc).multi(true).includeAll(true).allValue('.*');
}

function annotations() {
  return [
    annotation('Deploys', 'blue', 'Version {{version}} on {{instance}}',
      `max by (instance, version, commit) (riskengine_build_info{${here}}) unless max by (instance, version, commit) (riskengine_build_info{${here}} offset 5m)`),
    annotation('Attacks', 'red', 'Attack: {{kind}}', `max by (kind) (riskengine_attack_active{${here},kind!~"failure_surge|new_address_surge"}) == 1`),
    annotation('Blocks', 'orange', 'Blocked: {{scope}}, by {{origin}}', `sum by (scope, origin) (increase(riskengine_blocks_total{${here},enforced="true"}[$__rate_interval])) > 0`),
  ];
}

/** @param {string} name @param {string} color @param {string} title @param {string} expr */
function annotation(name, color, title, expr) {
  return new AnnotationQueryBuilder().name(name).datasource(prometheus).enable(true).iconColor(color).expr(expr).titleFormat(title).step('60s').target(instant(expr).refId('Anno'));
}
