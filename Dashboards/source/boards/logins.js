import { board, chosen } from '../lib/board.js';
import { toBoard, toLogs, toMetric } from '../lib/links.js';
import { graph, lines as logs, number, periods, table } from '../lib/panels.js';
import { decisions, here, instant, lines, logLines, range, row } from '../lib/queries.js';

const logins = `riskengine_logins_total{${here},application=~"$application"`;
const failed = `${decisions} | kind=~"login_failed|mfa_failed"`;
const failedLogs = toLogs('Lines of failed logins', failed);

export default board({
  uid: 'riskengine-logins',
  title: 'RiskEngine: logins',
  says: 'Who signs in, how many fail, of what kind and where, and when somebody attacked.',
  variables: [chosen('application', 'Application', `label_values(riskengine_logins_total{${here}}, application)`)],
}, [
  ['Now', [
    number({
      title: 'Successful logins', unit: 'cpm', decimals: 1,
      says: 'Successful logins a minute, over the last ten minutes. Compare with the same hour a week ago, in the graph below.',
    }, instant(`sum(rate(${logins},outcome="success"}[10m])) * 60`)),
    number({
      title: 'Success ratio', unit: 'percentunit', decimals: 1, none: 'no logins',
      says: 'Of the attempts that ended in the last hour, how many got in. Nine of ten is usual; far less is guessing, or something that keeps honest people out.',
    }, instant(`sum(increase(${logins},outcome="success"}[1h])) / sum(increase(${logins},outcome=~"success|failure|mfa_failure"}[1h]))`)),
    number({
      title: 'Failures', unit: 'cpm', decimals: 1,
      says: 'Failed passwords and second factors a minute, over the last ten minutes.',
    }, instant(`sum(rate(${logins},outcome=~"failure|mfa_failure"}[10m])) * 60`)),
    number({
      title: 'Challenged or blocked', unit: 'percentunit', decimals: 2, none: 'nothing judged', limits: [[0.05, 'orange'], [0.2, 'red']],
      says: 'Of what was judged in the last ten minutes, how much was really challenged or blocked. In monitor mode this stays 0. From a fifth on without an attack, we are the outage.',
      links: [toBoard('What was found', 'riskengine-detection')],
    }, instant(`sum(instance:riskengine_assessments_hit:rate10m{${here}}) / sum(instance:riskengine_assessments:rate10m{${here}})`)),
    number({
      title: 'Attacks under way', unit: 'short', decimals: 0, limits: [[1, 'red']],
      says: 'Kinds of attack on the whole fleet that go on now. Surges are not counted: honest people make them too.',
      links: [toLogs('What was found', `${lines} | source="AttackWatch"`)],
    }, instant(`sum(max by (kind) (riskengine_attack_active{${here},kind!~"failure_surge|new_address_surge"}))`)),
    number({
      title: 'Open incidents', unit: 'short', decimals: 0,
      says: 'Incidents that go on: risky events that belong together. "riskengine incidents" names who is hit.',
    }, instant(`sum(riskengine_incidents_open{${here}})`)),
  ]],
  ['Volume', [
    graph({
      title: 'Logins by outcome', unit: 'cpm', stacked: true,
      says: 'Attempts a minute by how they ended. An attempt has no outcome yet: the identity provider asked before it was known.',
      links: [failedLogs],
    }, range(`sum by (outcome) (rate(${logins}}[$__rate_interval])) * 60`, '{{outcome}}')),
    graph({
      title: 'Logins by application', unit: 'cpm', stacked: true,
      says: 'Attempts a minute by application. The first twenty applications have names, the rest is "other"; "none" is where the source names none.',
    }, range(`sum by (application) (rate(${logins}}[$__rate_interval])) * 60`, '{{application}}')),
    graph({
      title: 'Logins by country', unit: 'cpm', stacked: true,
      says: 'Successful logins a minute by the country they came from, the ten with most. "none" is where it is not known: private addresses, or no location data. Over all applications.',
    }, range(`topk(10, sum by (country) (rate(riskengine_logins_by_country_total{${here},outcome="success"}[$__rate_interval])) * 60)`, '{{country}}')),
    graph({
      title: 'Success ratio, and a week ago', unit: 'percentunit', max: 1,
      says: 'Of the logins of an hour, how many got in, beside the same hour a week ago. The two part when somebody guesses, or when a change keeps people out. Over all applications.',
    },
    range(`1 - max(instance:riskengine_logins_failed:ratio_increase1h{${here}})`, 'now'),
    range(`1 - max(instance:riskengine_logins_failed:ratio_increase1h{${here}} offset 1w)`, 'a week ago')),
    graph({
      title: 'Logins in an hour, and a week ago', unit: 'short',
      says: 'Logins of an hour, successful or failed, beside the same hour a week ago. Over all applications.',
    },
    range(`sum(instance:riskengine_logins:increase1h{${here}})`, 'now'),
    range(`sum(instance:riskengine_logins:increase1h{${here}} offset 1w)`, 'a week ago')),
  ]],
  ['Failures', [
    graph({
      title: 'Failures by kind', unit: 'cpm', stacked: true,
      says: 'Events a minute that tell of something that failed or should not be: passwords, second factors, challenges, requests that the identity provider calls suspicious. Over all applications.',
      links: [failedLogs],
    }, range(`sum by (kind) (rate(riskengine_events_total{${here},kind=~"login_failed|mfa_failed|challenge_failed|suspicious_request"}[$__rate_interval])) * 60`, '{{kind}}')),
    graph({
      title: 'Failures by application', unit: 'cpm', stacked: true,
      says: 'Failed logins a minute by application. One application alone points at that application, all at once at passwords or the identity provider.',
      links: [failedLogs],
    }, range(`sum by (application) (rate(${logins},outcome=~"failure|mfa_failure"}[$__rate_interval])) * 60`, '{{application}}')),
    graph({
      title: 'Failures by method', unit: 'cpm', stacked: true,
      says: 'Failed logins a minute by how people sign in. "none" is where the source does not say.',
    }, range(`sum by (auth_method) (rate(${logins},outcome=~"failure|mfa_failure"}[$__rate_interval])) * 60`, '{{auth_method}}')),
    graph({
      title: 'Failures by country', unit: 'cpm', stacked: true,
      says: 'Failed passwords and second factors a minute by the country they came from, the ten with most. A country from which nobody of yours signs in is somebody who guesses. Over all applications.',
      links: [failedLogs],
    }, range(`topk(10, sum by (country) (rate(riskengine_logins_by_country_total{${here},outcome="failure"}[$__rate_interval])) * 60)`, '{{country}}')),
    table({
      title: 'Failed share by country', unit: 'percentunit', value: 'Failed',
      says: 'For each country, how many of the logins of the time shown failed, of those with ten logins at least; the worst first.',
    }, row(`sort_desc(sum by (country) (increase(riskengine_logins_by_country_total{${here},outcome="failure"}[$__range])) / (sum by (country) (increase(riskengine_logins_by_country_total{${here}}[$__range])) >= 10))`)),
    table({
      title: 'Failed share by application', unit: 'percentunit', value: 'Failed',
      says: 'For each application, how many of the logins of the time shown failed; the worst first.',
    }, row(`sort_desc(sum by (application) (increase(${logins},outcome=~"failure|mfa_failure"}[$__range])) / sum by (application) (increase(${logins},outcome=~"success|failure|mfa_failure"}[$__range])))`)),
  ]],
  ['Attacks', [
    periods({
      title: 'Attack periods', unit: 'short', width: 24, height: 7,
      says: 'When the fleet as a whole was under attack, by kind. The two surges are no attacks by themselves: passwords that end and a new VPN look the same.',
      links: [toLogs('What was found', `${lines} | source="AttackWatch"`)],
    }, range(`max by (kind) (riskengine_attack_active{${here}})`, '{{kind}}')),
    logs({
      title: 'Failed logins that were notified, challenged or blocked', unit: 'short',
      says: 'The lines behind the graphs above, addresses in clear and names as keyed hashes. The country of one stands in its assessment (riskengine explain), not in its line.',
      links: [toMetric('Failures as a graph', 'sum by (outcome) (rate(riskengine_logins_total{outcome=~"failure|mfa_failure"}[5m]))')],
    }, logLines(failed)),
  ]],
]);
