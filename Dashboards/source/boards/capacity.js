import { board } from '../lib/board.js';
import { toBoard } from '../lib/links.js';
import { graph, number } from '../lib/panels.js';
import { here, instant, range } from '../lib/queries.js';

const hourly = `instance:riskengine_logins:increase1h{${here}}`;
const busy = `instance:riskengine_judge_busy:ratio_rate10m{${here}}`;
const events = `source:riskengine_events:rate10m{${here}}`;

export default board({
  uid: 'riskengine-capacity',
  title: 'RiskEngine: capacity over a year',
  says: 'How logins come and go with the hour, the week and the year, how they grow, and how much room is left. Made of recorded series, so a year is quick to draw; choose a data source that keeps one.',
  from: 'now-1y',
  refresh: '',
  logs: false,
  annotated: false,
}, [
  ['Room', [
    number({
      title: 'Judge busy at the worst', unit: 'percentunit', decimals: 1, limits: [[0.4, 'orange'], [0.7, 'red']],
      says: 'The largest share of ten minutes in which the one loop that loads and judges was at work, in thirty days. From 70 % on senders begin to wait.',
      links: [toBoard('The program itself', 'riskengine-sidecar')],
    }, instant(`max(max_over_time(${busy}[30d]))`)),
    number({
      title: 'Events it could take', unit: 'cps', decimals: 0, none: 'too quiet to tell',
      says: 'Events a second that would keep the judge busy all the time, by what an event costs now, averaged over a day. Many at once are cheaper than one by one, so a flood passes more than this; a slow disk stops it earlier ("Commits under way").',
    }, instant(`sum(avg_over_time(${events}[1d])) / sum(avg_over_time(${busy}[1d]))`)),
    number({
      title: 'Times the peak', unit: 'short', decimals: 1, none: 'too quiet to tell',
      says: 'How many times the busiest ten minutes of thirty days would fit, by what an event costs now. Below 3, think about it; below 2, act.',
    }, instant(`(sum(avg_over_time(${events}[1d])) / sum(avg_over_time(${busy}[1d]))) / sum(max_over_time(${events}[30d]))`)),
    number({
      title: 'Growth in four weeks', unit: 'percentunit', decimals: 1, none: 'no history',
      says: 'Logins of the last four weeks against the four before.',
    }, instant(`sum(avg_over_time(${hourly}[28d])) / sum(avg_over_time(${hourly}[28d] offset 28d)) - 1`)),
    number({
      title: 'Growth in a year', unit: 'percentunit', decimals: 1, none: 'no history',
      says: 'Logins of the last four weeks against the same four a year ago.',
    }, instant(`sum(avg_over_time(${hourly}[28d])) / sum(avg_over_time(${hourly}[28d] offset 48w)) - 1`)),
    number({
      title: 'Judge busy in 90 days', unit: 'percentunit', decimals: 1, none: 'no history', limits: [[0.4, 'orange'], [0.7, 'red']],
      says: 'Where the line through the last four weeks leads in ninety days. A straight line through weekdays and holidays: a hint, no promise.',
    }, instant(`max(clamp_min(predict_linear(${busy}[28d], 90 * 86400), 0))`)),
  ]],
  ['The year', [
    graph({
      title: 'Logins, hour by hour, over the year', unit: 'short', width: 24, height: 9,
      says: 'Logins of an hour: the mean and the busiest hour of each day. Terms, holidays and campaigns show here.',
    },
    range(`sum(avg_over_time(${hourly}[1d]))`, 'mean of the day'),
    range(`sum(max_over_time(${hourly}[1d]))`, 'busiest hour of the day')),
    graph({
      title: 'Failed share over the year', unit: 'percentunit',
      says: 'Of the logins of an hour, how many failed: mean and worst of each day. A slow rise is guessing that nobody noticed, or a product that forgets passwords.',
    },
    range(`max(avg_over_time(instance:riskengine_logins_failed:ratio_increase1h{${here}}[1d]))`, 'mean of the day'),
    range(`max(max_over_time(instance:riskengine_logins_failed:ratio_increase1h{${here}}[1d]))`, 'worst hour of the day')),
    graph({
      title: 'Events by source over the year', unit: 'cps',
      says: 'Events a second of each source, mean of each day. A source that ends here was taken away, or died unnoticed.',
    }, range(`sum by (source) (avg_over_time(${events}[1d]))`, '{{source}}')),
    graph({
      title: 'Challenged or blocked over the year', unit: 'percentunit',
      says: 'Of what was judged, how much was really challenged or blocked, mean of each day. It should follow attacks and not the calendar.',
    }, range(`sum(avg_over_time(instance:riskengine_assessments_hit:rate10m{${here}}[1d])) / sum(avg_over_time(instance:riskengine_assessments:rate10m{${here}}[1d]))`, 'challenged or blocked')),
    graph({
      title: 'Poor answers over the year', unit: 'percentunit',
      says: 'Share of questions without a full answer within 100 ms, over three days each. One in a thousand is agreed.',
      links: [toBoard('The program itself', 'riskengine-sidecar')],
    }, range(`max(instance:riskengine_evaluate_errors:ratio_rate3d{${here}})`, 'poor answers')),
  ]],
  ['The week', [
    graph({
      title: 'This week and others', unit: 'short', width: 24, height: 9,
      says: 'Logins of an hour, beside a week, four weeks and a year (52 weeks) ago, so that weekdays lie upon each other. Show a week of time to read it.',
    },
    range(`sum(${hourly})`, 'now'),
    range(`sum(${hourly} offset 1w)`, 'a week ago'),
    range(`sum(${hourly} offset 4w)`, 'four weeks ago'),
    range(`sum(${hourly} offset 52w)`, 'a year ago')),
  ]],
  ['Growth', [
    graph({
      title: 'Judge busy', unit: 'percentunit', limits: [[0.4, 'orange'], [0.7, 'red']],
      says: 'Share of time in which the loop that loads and judges was at work: mean and worst ten minutes of each day.',
    },
    range(`max(avg_over_time(${busy}[1d]))`, 'mean of the day'),
    range(`max(max_over_time(${busy}[1d]))`, 'worst ten minutes of the day')),
    graph({
      title: 'Commits under way', unit: 'short', limits: [[1, 'orange']],
      says: 'How many commits were under way at a time: mean and worst ten minutes of each day. From 1 on the disk is always busy, and events are joined into fewer, larger commits; when as many are under way as pipeline.batches_in_flight allows (16), senders wait.',
    },
    range(`max(avg_over_time(instance:riskengine_commits_in_flight:rate10m{${here}}[1d]))`, 'mean of the day'),
    range(`max(max_over_time(instance:riskengine_commits_in_flight:rate10m{${here}}[1d]))`, 'worst ten minutes of the day')),
    graph({
      title: 'Growth against four weeks before', unit: 'percentunit',
      says: 'Logins of a week against those of the week four weeks earlier. Around 0 is a fleet that stays.',
    }, range(`sum(avg_over_time(${hourly}[1w])) / sum(avg_over_time(${hourly}[1w] offset 4w)) - 1`, 'growth')),
    graph({
      title: 'Rows given up', unit: 'short', bars: true,
      says: 'Rows given up each day because a table was full. The first one is the day to raise a cap.',
    }, range(`sum by (table) (increase(riskengine_table_evictions_total{${here}}[1d]))`, '{{table}}')),
    graph({
      title: 'Queue at the worst', unit: 'percentunit', max: 1,
      says: 'How full the queue was at its fullest, each day.',
    }, range(`max(max_over_time(riskengine_queue_depth{${here}}[1d]) / max_over_time(riskengine_queue_capacity{${here}}[1d]))`, 'fullest')),
  ]],
]);
