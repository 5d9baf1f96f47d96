// Panels: every one has a title, a description, a unit and its queries. What is alike is said once.
import {
  BigValueColorMode, BigValueGraphMode, GraphDrawStyle, GraphGradientMode, LegendDisplayMode, LegendPlacement, ReduceDataOptionsBuilder, SortOrder,
  StackingConfigBuilder, StackingMode, TooltipDisplayMode, VisibilityMode, VizLegendOptionsBuilder, VizTooltipOptionsBuilder, GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode, ScaleDistributionConfigBuilder, ScaleDistribution, LogsSortOrder,
} from '@grafana/grafana-foundation-sdk/common';
import { ThresholdsConfigBuilder, ThresholdsMode, FieldColorBuilder, FieldColorModeId, MappingType } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries';
import { PanelBuilder as Stat } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as Table } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as Heatmap, HeatmapColorOptionsBuilder, HeatmapColorMode, HeatmapTooltipBuilder } from '@grafana/grafana-foundation-sdk/heatmap';
import { PanelBuilder as Logs } from '@grafana/grafana-foundation-sdk/logs';
import { PanelBuilder as StateTimeline } from '@grafana/grafana-foundation-sdk/statetimeline';
import { prometheus, loki } from './queries.js';

/**
 * @typedef {object} Words What a panel says of itself.
 * @property {string} title
 * @property {string} says What is seen, what is usual, and what to do about it; a sentence or a few.
 * @property {string} unit One of Grafana's units.
 * @property {number} [width] Of 24.
 * @property {number} [height]
 * @property {import('@grafana/grafana-foundation-sdk/dashboard').DashboardLinkBuilder[]} [links]
 */

/** @typedef {import('@grafana/grafana-foundation-sdk/cog').Builder<import('@grafana/grafana-foundation-sdk/cog').Dataquery>} Query */

/**
 * Lines over time.
 * @param {Words & { stacked?: boolean, bars?: boolean, limits?: [number, string][], log?: boolean, max?: number }} words
 * @param {Query[]} queries
 */
export function graph(words, ...queries) {
  const panel = dressed(new TimeSeries(), words, queries, prometheus)
    .lineWidth(words.bars ? 0 : 1)
    .fillOpacity(words.stacked || words.bars ? 60 : 8)
    .gradientMode(GraphGradientMode.None)
    .showPoints(VisibilityMode.Never)
    .spanNulls(false)
    .axisSoftMin(0)
    .legend(new VizLegendOptionsBuilder().displayMode(LegendDisplayMode.Table).placement(LegendPlacement.Bottom).showLegend(true).calcs(['mean', 'max', 'lastNotNull']))
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  if (words.max !== undefined) panel.max(words.max);
  if (words.bars) panel.drawStyle(GraphDrawStyle.Bars);
  if (words.stacked || words.bars) panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
  if (words.log) panel.scaleDistribution(new ScaleDistributionConfigBuilder().type(ScaleDistribution.Log).log(10));
  if (words.limits) panel.thresholds(thresholds(words.limits)).thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
  return panel;
}

/**
 * One number, the newest.
 * @param {Words & { limits?: [number, string][], none?: string, decimals?: number }} words
 * @param {Query[]} queries
 */
export function number(words, ...queries) {
  const panel = dressed(new Stat(), { width: 4, height: 4, ...words }, queries, prometheus)
    .graphMode(BigValueGraphMode.None)
    .colorMode(words.limits ? BigValueColorMode.Value : BigValueColorMode.None)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false))
    .noValue(words.none ?? 'no data');
  if (words.decimals !== undefined) panel.decimals(words.decimals);
  return words.limits ? panel.thresholds(thresholds(words.limits)) : panel;
}

/**
 * Which of several is on, and when: 1 is on.
 * @param {Words} words
 * @param {Query[]} queries
 */
export function periods(words, ...queries) {
  return dressed(new StateTimeline(), words, queries, prometheus)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .thresholds(thresholds([[1, 'red']]))
    .mappings([{ type: MappingType.ValueToText, options: { 0: { text: ' ', index: 0 }, 1: { text: 'on', index: 1 } } }])
    .legend(new VizLegendOptionsBuilder().displayMode(LegendDisplayMode.List).placement(LegendPlacement.Bottom).showLegend(false).calcs([]))
    .fillOpacity(80);
}

/**
 * How many lie where, over time.
 * @param {Words} words
 * @param {Query} query
 */
export function heat(words, query) {
  return dressed(new Heatmap(), words, [query], prometheus)
    .calculate(false)
    .color(new HeatmapColorOptionsBuilder().mode(HeatmapColorMode.Scheme).scheme('Spectral').steps(64).reverse(true).exponent(0.5))
    .tooltip(new HeatmapTooltipBuilder().mode(TooltipDisplayMode.Single).yHistogram(true).showColorScale(true));
}

/**
 * A table of what a log query counted, the largest first.
 * @param {Words & { value: string }} words
 * @param {Query} query
 */
export function logTable(words, query) {
  return dressed(new Table(), words, [query], loki)
    .withTransformation({ id: 'organize', options: { excludeByName: { Time: true }, indexByName: {}, renameByName: { 'Value #A': words.value, Value: words.value } } })
    .withTransformation({ id: 'sortBy', options: { fields: {}, sort: [{ field: words.value, desc: true }] } });
}

/**
 * A table of series, one a row; labels are the columns.
 * @param {Words & { value: string }} words
 * @param {Query} query
 */
export function table(words, query) {
  return dressed(new Table(), words, [query], prometheus)
    .withTransformation({ id: 'organize', options: { excludeByName: { Time: true, __name__: true }, indexByName: {}, renameByName: { Value: words.value } } });
}

/**
 * Log lines, the newest first.
 * @param {Words} words
 * @param {Query} query
 */
export function lines(words, query) {
  return dressed(new Logs(), { width: 24, height: 10, ...words }, [query], loki)
    .showTime(true).enableLogDetails(true).wrapLogMessage(true).prettifyLogMessage(false).sortOrder(LogsSortOrder.Descending);
}

/** A line or bars from a log query. @param {Words} words @param {Query[]} queries */
export const logGraph = (words, ...queries) => graph(words, ...queries).datasource(loki);

/**
 * @template {TimeSeries | Stat | Table | Heatmap | Logs | StateTimeline} T
 * @param {T} panel @param {Words} words @param {Query[]} queries @param {{ type: string, uid: string }} source
 * @returns {T}
 */
function dressed(panel, words, queries, source) {
  panel.title(words.title).description(words.says).unit(words.unit).datasource(source).span(words.width ?? 12).height(words.height ?? 8);
  if (words.links) panel.links(words.links);
  queries.forEach((query, i) => {
    // @ts-ignore Every data query has a reference; the interface that all share does not say so.
    query.refId(String.fromCharCode(65 + i));
    panel.withTarget(query);
  });
  return panel;
}

/** Green below the first limit. @param {[number, string][]} limits */
function thresholds(limits) {
  const [first] = limits;
  const base = first && first[0] === Number.NEGATIVE_INFINITY ? first[1] : 'green';
  const steps = limits.filter(([value]) => value !== Number.NEGATIVE_INFINITY).map(([value, color]) => ({ value, color }));
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([{ value: null, color: base }, ...steps]);
}
