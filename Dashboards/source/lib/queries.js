// Queries of both kinds. Data sources are variables, so that a board fits any Grafana.
import { DataqueryBuilder as PrometheusQuery, PromQueryFormat, QueryEditorMode } from '@grafana/grafana-foundation-sdk/prometheus';
import { DataqueryBuilder as LokiQuery } from '@grafana/grafana-foundation-sdk/loki';

export const prometheus = { type: 'prometheus', uid: '${prometheus}' };
export const loki = { type: 'loki', uid: '${loki}' };

/** What every selector of RiskEngine's own series has in common: the instances chosen above. */
export const here = 'instance=~"$instance"';

/** What RiskEngine says of itself. Whoever ships standard output gives its lines these labels; RiskEngine's own sink does. */
export const lines = '{app="riskengine",stream="app"} | json';

/** The same from warnings on. */
export const troubleLines = '{app="riskengine",stream="app",level=~"warn|error|fatal"} | json';

/** Every judged login; sent by RiskEngine's own sink only, and so is the next. */
export const assessments = '{app="riskengine",stream="assessment"} | json';

/** What people and rules changed. */
export const audit = '{app="riskengine",stream="audit"} | json';

/** Lines that tell of decisions other than allow. */
export const decisions = `${lines} | source="DecisionLog"`;

/** @param {string} expr @param {string} legend */
export const range = (expr, legend = '') => promql(expr, legend).range();

/** @param {string} expr @param {string} legend */
export const instant = (expr, legend = '') => promql(expr, legend).instant();

/** A row of numbers for a table. @param {string} expr */
export const row = (expr) => promql(expr, '').instant().format(PromQueryFormat.Table);

/** Buckets as they stand. @param {string} expr */
export const buckets = (expr) => promql(expr, '{{le}}').range().format(PromQueryFormat.Heatmap);

/** Points with the trace behind them. @param {string} expr @param {string} legend */
export const withExemplars = (expr, legend) => promql(expr, legend).range().exemplar(true);

/** @param {string} expr */
export const logLines = (expr) => new LokiQuery().datasource(loki).expr(expr).queryType('range').maxLines(200);

/** A number for each label set, over the whole time that is shown. @param {string} expr */
export const logNumbers = (expr) => new LokiQuery().datasource(loki).expr(expr).queryType('instant');

/** @param {string} expr @param {string} legend */
export const logRate = (expr, legend) => new LokiQuery().datasource(loki).expr(expr).legendFormat(legend).queryType('range');

/** @param {string} expr @param {string} legend */
function promql(expr, legend) {
  const query = new PrometheusQuery().datasource(prometheus).expr(expr).editorMode(QueryEditorMode.Code);
  return legend === '' ? query : query.legendFormat(legend);
}
