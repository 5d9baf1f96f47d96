import { board, chosen } from '../lib/board.js';
import { toBoard, toLogs, toMetric } from '../lib/links.js';
import { graph, heat, lines as logs, number, periods } from '../lib/panels.js';
import { assessments, buckets, decisions, here, instant, lines, logLines, range } from '../lib/queries.js';

const challenged = toLogs('Challenged logins', `${decisions} | decision="challenge"`);

export default board({
  uid: 'riskengine-detection',
  title: 'RiskEngine: detection',
  says: 'What is found, how surely, and whether it is right: scores, signals, what became of challenges, what people said afterwards, and whether the models still fit.',
  variables: [chosen('signal', 'Signal', `label_values(riskengine_signals_total{${here}}, signal)`)],
}, [
  ['Is it right?', [
    number({
      title: 'Honest people challenged', unit: 'percentunit', decimals: 3, none: 'no logins', limits: [[0.01, 'orange'], [0.05, 'red']],
      says: 'Challenges that were passed, for each successful login of the last day: whoever passes is honest, and was asked for nothing. It counts only challenges whose outcome the source tells; honest people who gave up are not in it, so the truth lies above.',
      links: [challenged],
    }, instant(`sum(increase(riskengine_challenges_total{${here},outcome="passed"}[1d])) / sum(increase(riskengine_logins_total{${here},outcome="success"}[1d]))`)),
    number({
      title: 'Challenges passed', unit: 'percentunit', decimals: 1, none: 'none answered',
      says: 'Of the challenges of the last day that were answered, how many were passed. Near 100 % the challenges hit honest people only; a good challenge stops some.',
      links: [challenged],
    }, instant(`sum(increase(riskengine_challenges_total{${here},outcome="passed"}[1d])) / sum(increase(riskengine_challenges_total{${here},outcome=~"passed|failed"}[1d]))`)),
    number({
      title: 'Challenges not answered', unit: 'percentunit', decimals: 1, none: 'none issued',
      says: 'Of the challenges of the last day, how many were neither passed nor failed, as far as the source tells. Attackers give up; people who do too will call you. All of them, where the source tells no outcomes.',
    }, instant(`clamp_min(1 - sum(increase(riskengine_challenges_total{${here},outcome=~"passed|failed"}[1d])) / sum(increase(riskengine_challenges_total{${here},outcome="issued"}[1d])), 0)`)),
    number({
      title: 'Confirmed of those looked at', unit: 'percentunit', decimals: 1, none: 'nobody said',
      says: 'Of the assessments of the last thirty days that somebody labelled safe or compromised, how many were compromised. People label what stands out, so this is no rate of the fleet.',
    }, instant(`sum(increase(riskengine_feedback_total{${here},label="compromised"}[30d])) / sum(increase(riskengine_feedback_total{${here},label=~"safe|compromised"}[30d]))`)),
    number({
      title: 'Drift', unit: 'short', decimals: 3, limits: [[0.1, 'orange'], [0.25, 'red']],
      says: 'How far the scores of successful logins have moved from the first week of the model (population stability index). Below 0.1 nothing, from 0.25 on the model judges other people, or with other facts, than it began with. 0 in its first week.',
    }, instant(`max(riskengine_drift_psi{${here}})`)),
    number({
      title: 'Judged', unit: 'cpm', decimals: 1,
      says: 'Events judged a minute, over the last ten minutes.',
    }, instant(`sum(instance:riskengine_assessments:rate10m{${here}}) * 60`)),
  ]],
  ['Scores', [
    heat({
      title: 'Risk scores', unit: 'short', width: 16, height: 10,
      says: 'How many logins got which score, over time. Most lie below 3; a band that appears above 15 is an attack or a deploy. The score is a probability at a reference base rate of 1 %, and orders logins.',
      links: [toLogs('Decisions from 15 on', `${decisions} | risk_score >= 15`)],
    }, buckets(`sum by (le) (increase(riskengine_risk_score_bucket{${here}}[$__rate_interval]))`)),
    graph({
      title: 'Highest scores', unit: 'short', width: 8, height: 10, max: 100,
      says: 'The score that half, one of ten and one of a hundred logins exceed. The middle one should not move from day to day.',
    },
    range(`histogram_quantile(0.5, sum by (le) (rate(riskengine_risk_score_bucket{${here}}[$__rate_interval])))`, 'half'),
    range(`histogram_quantile(0.9, sum by (le) (rate(riskengine_risk_score_bucket{${here}}[$__rate_interval])))`, 'one of ten'),
    range(`histogram_quantile(0.99, sum by (le) (rate(riskengine_risk_score_bucket{${here}}[$__rate_interval])))`, 'one of a hundred')),
    graph({
      title: 'Levels', unit: 'cpm', stacked: true,
      says: 'Judged events a minute by level.',
    }, range(`sum by (risk_level) (rate(riskengine_assessments_total{${here}}[$__rate_interval])) * 60`, '{{risk_level}}')),
    graph({
      title: 'Decisions other than allow', unit: 'cpm', stacked: true,
      says: 'Decisions a minute to notify, challenge or block, and whether they were enforced. In monitor mode nothing is: this is what would have happened.',
      links: [toLogs('The lines', decisions), toBoard('Addresses', 'riskengine-ip-reputation')],
    }, range(`sum by (decision, enforced) (rate(riskengine_assessments_total{${here},decision!="allow"}[$__rate_interval])) * 60`, '{{decision}}, enforced {{enforced}}')),
  ]],
  ['Signals', [
    graph({
      title: 'Signals', unit: 'cpm', width: 16, height: 10,
      says: 'How often each signal is listed a minute, those chosen above. Some speak for the person (known_device, known_address, phishing_resistant_factor). One that stops from one day to the next has lost its facts.',
      links: [toLogs('Lines with signals', decisions)],
    }, range(`sum by (signal) (rate(riskengine_signals_total{${here},signal=~"$signal"}[$__rate_interval])) * 60 > 0`, '{{signal}}')),
    graph({
      title: 'Signs that somebody got in', unit: 'short', bars: true, width: 8, height: 10,
      says: 'Signals that mean that a stranger may be in: success after many failures, refused pushes, a new factor or password after a risky login, a stolen session, a honey account, a confirmed case. Three of the first kinds in an hour page somebody.',
      links: [toLogs('The lines', `${decisions} | signals=~".*(success_after_failures|mfa_fatigue|factor_after_risky_login|password_after_risky_login|stolen_session|honey_account|confirmed_compromise).*"`)],
    }, range(`sum by (signal) (increase(riskengine_signals_total{${here},signal=~"success_after_failures|mfa_fatigue|factor_after_risky_login|password_after_risky_login|stolen_session|honey_account|confirmed_compromise"}[$__rate_interval]))`, '{{signal}}')),
    periods({
      title: 'Attack periods', unit: 'short', height: 8,
      says: 'When the fleet as a whole was under attack, by kind.',
      links: [toLogs('What was found', `${lines} | source="AttackWatch"`)],
    }, range(`max by (kind) (riskengine_attack_active{${here}})`, '{{kind}}')),
    graph({
      title: 'Open incidents', unit: 'short', stacked: true,
      says: 'Incidents that go on, by kind.',
    }, range(`sum by (kind) (riskengine_incidents_open{${here}})`, '{{kind}}')),
  ]],
  ['Challenges, feedback, drift', [
    graph({
      title: 'Challenges', unit: 'short', bars: true,
      says: 'Enforced challenges, asked for by an evaluation or a proxy, or seen in an event, and what became of them. Each has one outcome, at the latest a quarter of an hour after it; where the source tells of no factor it is "abandoned".',
      links: [challenged],
    }, range(`sum by (outcome) (increase(riskengine_challenges_total{${here}}[$__rate_interval]))`, '{{outcome}}')),
    graph({
      title: 'Honest people challenged', unit: 'percentunit',
      says: 'Challenges passed for each successful login, hour by hour. A step up after a deploy is a rule that asks too many.',
    }, range(`sum(increase(riskengine_challenges_total{${here},outcome="passed"}[1h])) / sum(increase(riskengine_logins_total{${here},outcome="success"}[1h]))`, 'passed challenges / successes')),
    graph({
      title: 'Feedback', unit: 'short', bars: true,
      says: 'What people said of assessments: safe, compromised, or dismissed. "safe" teaches a login, "compromised" takes it out of the profile.',
    }, range(`sum by (label) (increase(riskengine_feedback_total{${here}}[$__rate_interval]))`, '{{label}}')),
    graph({
      title: 'Drift', unit: 'short', limits: [[0.1, 'orange'], [0.25, 'red']],
      says: 'Population stability index of the scores of successful logins against the first week of the model. Above 0.25 look what changed: the people, the facts, or the weights.',
    }, range(`max by (model) (riskengine_drift_psi{${here}})`, '{{model}}')),
    graph({
      title: 'Judged without', unit: 'percentunit', max: 1,
      says: 'Of the logins judged, the share for which a fact was missing. Signals that need it were silent.',
    }, range(`max by (fact) (fact:riskengine_degraded:ratio_rate10m{${here}})`, '{{fact}}')),
    graph({
      title: 'Held by the valve', unit: 'short', bars: true,
      says: 'Automated blocks that became challenges because too many people were about to be hit.',
    }, range(`sum by (valve) (increase(riskengine_safety_valve_total{${here}}[$__rate_interval]))`, '{{valve}}')),
  ]],
  ['Lines', [
    logs({
      title: 'Decisions other than allow', unit: 'short',
      says: 'Score, signals, address and event of each; "riskengine explain EVENT" tells the whole of one.',
      links: [toMetric('Decisions as a graph', 'sum by (decision, enforced) (rate(riskengine_assessments_total{decision!="allow"}[5m]))')],
    }, logLines(decisions)),
    logs({
      title: 'Logins of high risk', unit: 'short',
      says: 'Every one that was judged of high risk, whatever was decided, with what each signal contributed. Sent by loki.url only, up to loki.assessments_per_second.',
      links: [toMetric('Levels as a graph', 'sum by (risk_level) (rate(riskengine_assessments_total[5m]))')],
    }, logLines(`${assessments} | risk_level="high"`)),
  ]],
]);
