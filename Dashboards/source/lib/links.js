// From a graph to the lines behind it, and back.
import { DashboardLinkBuilder, DashboardLinkType } from '@grafana/grafana-foundation-sdk/dashboard';

/** Lines in Explore, at the time that is shown. @param {string} title @param {string} expr LogQL */
export const toLogs = (title, expr) => explore(title, '${loki}', 'loki', expr);

/** A graph in Explore, at the time that is shown. @param {string} title @param {string} expr PromQL */
export const toMetric = (title, expr) => explore(title, '${prometheus}', 'prometheus', expr);

/** Another of these boards. @param {string} title @param {string} uid */
export const toBoard = (title, uid) => new DashboardLinkBuilder(title).type(DashboardLinkType.Link).url(`/d/${uid}?\${__url_time_range}&\${prometheus:queryparam}&\${loki:queryparam}`);

/** @param {string} title @param {string} uid @param {string} type @param {string} expr */
function explore(title, uid, type, expr) {
  const panes = { a: { datasource: uid, queries: [{ refId: 'A', datasource: { type, uid }, expr }], range: { from: '${__from}', to: '${__to}' } } };
  // Grafana fills in ${…} itself, and only where it stands as it is.
  const encoded = encodeURIComponent(JSON.stringify(panes)).replace(/%24%7B(\w+)%7D/g, '${$1}');
  return new DashboardLinkBuilder(title).type(DashboardLinkType.Link).url(`/explore?schemaVersion=1&orgId=1&panes=${encoded}`).targetBlank(true);
}
