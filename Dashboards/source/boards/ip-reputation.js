import { board } from '../lib/board.js';
import { toBoard, toLogs, toMetric } from '../lib/links.js';
import { graph, lines as logs, logTable, number } from '../lib/panels.js';
import { decisions, here, instant, lines, logLines, logNumbers, range, troubleLines } from '../lib/queries.js';

const hit = `${decisions} | decision=~"challenge|block"`;
const reputation = 'address_reputation|network_reputation|pair_reputation|feed_hit|tor_exit|vpn_network|data_centre_network';

export default board({
  uid: 'riskengine-ip-reputation',
  title: 'RiskEngine: addresses',
  says: 'Which addresses misbehave, what is blocked and by whom, and how fresh the lists are that speak of them. Addresses are in log lines only; no metric has them.',
}, [
  ['Worst addresses, by the log', [
    logTable({
      title: 'Most often challenged or blocked', unit: 'short', value: 'Decisions', width: 8, height: 10,
      says: 'The twenty addresses with the most decisions "challenge" or "block" in the time shown, enforced or not. A hotel or an office may stand here too: look at its subjects before blocking it.',
      links: [toLogs('The lines', hit), toMetric('Decisions as a graph', 'sum by (decision) (rate(riskengine_assessments_total{decision=~"challenge|block"}[5m]))')],
    }, logNumbers(`topk(20, sum by (source_ip) (count_over_time(${hit} [$__range])))`)),
    logTable({
      title: 'Highest score', unit: 'short', value: 'Risk score', width: 8, height: 10,
      says: 'The twenty addresses with the highest risk score that a line tells of, 0 to 100. Scores of logins that were allowed have no line.',
      links: [toLogs('The lines', decisions), toMetric('Scores as a graph', 'histogram_quantile(0.99, sum by (le) (rate(riskengine_risk_score_bucket[5m])))')],
    }, logNumbers(`topk(20, max by (source_ip) (max_over_time(${decisions} | unwrap risk_score [$__range])))`)),
    logTable({
      title: 'Refused without a key that works', unit: 'short', value: 'Requests', width: 8, height: 10,
      says: 'The twenty addresses whose requests to RiskEngine itself were refused most often. One line a second at most is written, so this is a sample; the true number is in the graph "Requests refused".',
      links: [toLogs('The lines', `${lines} | source="SecurityLog"`), toMetric('Refusals as a graph', 'sum by (reason) (rate(riskengine_requests_refused_total[5m]))')],
    }, logNumbers(`topk(20, sum by (source_ip) (count_over_time(${lines} | source="SecurityLog" [$__range])))`)),
  ]],
  ['Blocks', [
    number({
      title: 'Blocks in force', unit: 'short', height: 8, decimals: 0,
      says: 'Blocks that are enforced now, of every kind and whoever made them.',
    }, instant(`sum(riskengine_blocks_active{${here}})`)),
    number({
      title: 'Of these by a person', unit: 'short', height: 8, decimals: 0,
      says: 'Blocks that somebody made by hand. They hold in monitor mode too.',
    }, instant(`sum(riskengine_blocks_active{${here},origin="person"})`)),
    number({
      title: 'Held by the valve', unit: 'short', height: 8, decimals: 0, limits: [[1, 'red']],
      says: 'Automated blocks of the last hour that became challenges, because rules were about to block more people than is usual. Anything above 0 needs a look at the policy.',
    }, instant(`sum(increase(riskengine_safety_valve_total{${here}}[1h]))`)),
    graph({
      title: 'Blocks in force by origin', unit: 'short', stacked: true, width: 12,
      says: 'Who made the blocks that are in force: a person, a rule, or an import. A step up after a deploy is a rule that catches more than was meant.',
      links: [toBoard('What was found', 'riskengine-detection')],
    }, range(`sum by (origin) (riskengine_blocks_active{${here}})`, '{{origin}}')),
    graph({
      title: 'Blocks in force by scope', unit: 'short', stacked: true,
      says: 'What is blocked: addresses, ranges, networks, countries, subjects, sessions, or one name at one address.',
    }, range(`sum by (scope) (riskengine_blocks_active{${here}})`, '{{scope}}')),
    graph({
      title: 'Blocks made', unit: 'short', bars: true,
      says: 'New blocks by origin, and whether they were enforced. In monitor mode those of rules are not.',
      links: [toLogs('Decisions "block"', `${decisions} | decision="block"`)],
    }, range(`sum by (origin, enforced) (increase(riskengine_blocks_total{${here}}[$__rate_interval]))`, '{{origin}}, enforced {{enforced}}')),
  ]],
  ['What speaks against addresses', [
    graph({
      title: 'Signals about addresses', unit: 'cpm', stacked: true,
      says: 'How often a minute an address, its network or a list spoke for or against a login. Lists that never speak are no use; one that speaks all the time names your own people.',
      links: [toLogs('Decisions with a list hit', `${decisions} | signals=~".*(feed_hit|tor_exit).*"`)],
    }, range(`sum by (signal) (rate(riskengine_signals_total{${here},signal=~"${reputation}"}[$__rate_interval])) * 60`, '{{signal}}')),
    graph({
      title: 'Requests refused', unit: 'cpm', stacked: true,
      says: 'Requests to RiskEngine itself that were refused before any route saw them, a minute. "bad_key" and "no_key" are somebody who tries, or a caller whose key ended; then its logins are not judged.',
      links: [toLogs('The lines', `${lines} | source="SecurityLog"`)],
    }, range(`sum by (reason) (rate(riskengine_requests_refused_total{${here}}[$__rate_interval])) * 60`, '{{reason}}')),
  ]],
  ['Feeds and databases', [
    graph({
      title: 'Age of feeds', unit: 's', limits: [[259200, 'red']],
      says: 'How old the content of each feed is. From three days on an alert goes out: entries still count, so addresses are held to what they did days ago.',
    }, range(`max by (feed) (riskengine_feed_age_seconds{${here}})`, '{{feed}}')),
    graph({
      title: 'Entries of feeds', unit: 'short', log: true,
      says: 'How many addresses each feed names. A fall to a fraction is a publisher that has trouble.',
    }, range(`max by (feed) (riskengine_feed_entries{${here}})`, '{{feed}}')),
    graph({
      title: 'Age of databases', unit: 's', limits: [[3888000, 'red']],
      says: 'How old the databases of places and networks are. Publishers make new ones every month; from 45 days on an alert goes out.',
    }, range(`max by (database) (riskengine_geo_database_age_seconds{${here}})`, '{{database}}')),
    graph({
      title: 'Judged without', unit: 'percentunit', max: 1,
      says: 'Of the logins judged, the share for which a fact was missing. Signals that need it were silent.',
      links: [toLogs('Warnings', troubleLines)],
    }, range(`max by (fact) (fact:riskengine_degraded:ratio_rate10m{${here}})`, '{{fact}}')),
  ]],
  ['Lines', [
    logs({
      title: 'Decisions "block"', unit: 'short',
      says: 'Every line of a login that was to be blocked, enforced or not; at most fifty a second are written, the rest is counted.',
      links: [toMetric('Blocks as a graph', 'sum by (origin) (increase(riskengine_blocks_total[5m]))')],
    }, logLines(`${decisions} | decision="block"`)),
  ]],
]);
