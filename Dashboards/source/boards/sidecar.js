import { board } from '../lib/board.js';
import { toBoard, toLogs, toMetric } from '../lib/links.js';
import { graph, lines as logs, number, table } from '../lib/panels.js';
import { audit, here, instant, lines, logLines, logRate, range, row, troubleLines, withExemplars } from '../lib/queries.js';

const evaluate = `riskengine_evaluate_duration_seconds`;
const trouble = toLogs('Warnings and errors', troubleLines);
/** @param {string} source */
const from = (source) => toLogs('Its lines', `${lines} | source="${source}"`);

export default board({
  uid: 'riskengine-sidecar',
  title: 'RiskEngine: the program itself',
  says: 'Does it answer, in time, with everything it should know? Lag, latency, queues, store, responders, losses, and how much of the objective is used up.',
}, [
  ['Is it there, and in time?', [
    number({
      title: 'Instances up', unit: 'short', decimals: 0, limits: [[Number.NEGATIVE_INFINITY, 'red'], [1, 'green']],
      says: 'Instances that Prometheus reaches, by the job "riskengine".',
      links: [trouble],
    }, instant('sum(up{job="riskengine",instance=~"$instance"})')),
    number({
      title: 'Slowest of a hundred questions', unit: 's', decimals: 1, none: 'nobody asked', limits: [[0.025, 'orange'], [0.1, 'red']],
      says: 'Of the questions of the last five minutes, 99 of 100 were answered within this. Somebody waits at a login page meanwhile; 100 ms are agreed.',
    }, instant(`histogram_quantile(0.99, sum by (le) (rate(${evaluate}_bucket{${here}}[5m])))`)),
    number({
      title: 'Objective met, 30 days', unit: 'percentunit', decimals: 3, none: 'nobody asked', limits: [[Number.NEGATIVE_INFINITY, 'red'], [0.999, 'green']],
      says: 'Of the valid questions of thirty days, how many got a full answer within 100 ms. 99.9 % are agreed.',
    }, instant(`sum(increase(${evaluate}_bucket{${here},outcome="ok",le="0.1"}[30d])) / sum(increase(${evaluate}_count{${here},outcome!="invalid"}[30d]))`)),
    number({
      title: 'Budget left, 30 days', unit: 'percentunit', decimals: 0, none: 'nobody asked', limits: [[Number.NEGATIVE_INFINITY, 'red'], [0, 'orange'], [0.25, 'green']],
      says: 'What is left of the one in a thousand that may go wrong in thirty days. Below 0 the objective is missed: change nothing that can wait.',
    }, instant(`1 - (1 - sum(increase(${evaluate}_bucket{${here},outcome="ok",le="0.1"}[30d])) / sum(increase(${evaluate}_count{${here},outcome!="invalid"}[30d]))) / 0.001`)),
    number({
      title: 'Longest silence of a source', unit: 's', decimals: 0, none: 'no source yet',
      says: 'How long ago the source that is silent longest last gave something, or said that there is nothing.',
    }, instant(`max(time() - riskengine_source_last_success_timestamp_seconds{${here}})`)),
    number({
      title: 'Queue filled', unit: 'percentunit', decimals: 0, limits: [[0.5, 'orange'], [0.8, 'red']],
      says: 'How full the fullest queue is. When it is full, senders get 503 and have to wait.',
    }, instant(`max(riskengine_queue_depth{${here}} / riskengine_queue_capacity{${here}})`)),
    graph({
      title: 'Time to answer a question', unit: 's', log: true,
      says: 'How long POST /api/v1/evaluate takes, from its first byte read: half, 95 and 99 of 100. The points are single questions; each leads to its trace where the caller sent one.',
      links: [trouble],
    },
    range(`histogram_quantile(0.5, sum by (le) (rate(${evaluate}_bucket{${here}}[$__rate_interval])))`, 'half'),
    range(`histogram_quantile(0.95, sum by (le) (rate(${evaluate}_bucket{${here}}[$__rate_interval])))`, '95 of 100'),
    withExemplars(`histogram_quantile(0.99, sum by (le) (rate(${evaluate}_bucket{${here}}[$__rate_interval])))`, '99 of 100')),
    graph({
      title: 'Answers by outcome', unit: 'cpm', stacked: true,
      says: 'Questions answered a minute. "degraded" lacked facts or history, "overload" came from lists and blocks alone, "invalid" is a caller that asks wrongly.',
    }, range(`sum by (outcome) (rate(${evaluate}_count{${here}}[$__rate_interval])) * 60`, '{{outcome}}')),
    graph({
      title: 'How fast the budget burns', unit: 'short', log: true, width: 24, limits: [[1, 'orange'], [6, 'red'], [14.4, 'dark-red']],
      says: 'Share of poor answers over what is agreed (one in a thousand): 1 uses up the budget in exactly thirty days. Two windows over 14.4 (an hour and five minutes) or over 6 (six hours and thirty minutes) wake somebody; three days over 1 are a ticket.',
    },
    range(`max(instance:riskengine_evaluate_errors:ratio_rate5m{${here}}) / 0.001`, '5 minutes'),
    range(`max(instance:riskengine_evaluate_errors:ratio_rate30m{${here}}) / 0.001`, '30 minutes'),
    range(`max(instance:riskengine_evaluate_errors:ratio_rate1h{${here}}) / 0.001`, '1 hour'),
    range(`max(instance:riskengine_evaluate_errors:ratio_rate6h{${here}}) / 0.001`, '6 hours'),
    range(`max(instance:riskengine_evaluate_errors:ratio_rate3d{${here}}) / 0.001`, '3 days')),
  ]],
  ['Events in', [
    graph({
      title: 'Events by source', unit: 'cpm', stacked: true,
      says: 'New events a minute. A source that falls to 0 while its events wait wakes somebody.',
      links: [from('PolledSource')],
    }, range(`sum by (source) (rate(riskengine_events_total{${here}}[$__rate_interval])) * 60`, '{{source}}')),
    graph({
      title: 'Age of events when they are stored', unit: 's', log: true,
      says: 'From an event to its being stored here, for 95 of 100, by source. What is late is judged against history, and blocks come late.',
    }, range(`histogram_quantile(0.95, sum by (le, source) (rate(riskengine_event_lag_seconds_bucket{${here}}[$__rate_interval])))`, '{{source}}')),
    graph({
      title: 'Events that wait at their source', unit: 'short',
      says: 'Rows that a source has and that were not taken yet, as of its last answer.',
    }, range(`sum by (source) (riskengine_source_lag_events{${here}})`, '{{source}}')),
    graph({
      title: 'Since a source last answered', unit: 's',
      says: 'Time since something of a source was stored, or a source that is asked said that there is nothing.',
    }, range(`max by (source) (time() - riskengine_source_last_success_timestamp_seconds{${here}})`, '{{source}}')),
    graph({
      title: 'Polls that failed', unit: 'short', bars: true,
      says: 'Times that a source was asked in vain, by reason. Nothing is lost; it is asked again.',
      links: [from('PolledSource')],
    }, range(`sum by (source, outcome) (increase(riskengine_source_polls_total{${here},outcome!="ok"}[$__rate_interval])) > 0`, '{{source}}: {{outcome}}')),
    graph({
      title: 'Rejected and repeated', unit: 'cpm', stacked: true,
      says: 'Input that no format understands, by source and reason, and events whose id was seen before. Rejected logins are not judged, and nobody sends them again.',
      links: [from('RejectionLog')],
    },
    range(`sum by (source, reason) (rate(riskengine_events_rejected_total{${here}}[$__rate_interval])) * 60 > 0`, '{{source}}: {{reason}}'),
    range(`sum by (source) (rate(riskengine_events_duplicate_total{${here}}[$__rate_interval])) * 60 > 0`, '{{source}}: repeated')),
    graph({
      title: 'What webhooks told', unit: 'short', bars: true,
      says: 'Events that a webhook told of while authentik is polled: confirmed by the poll, or not by two polls (somebody invents them, or the token may not see all events), or not waited for because too many wait.',
      links: [from('AuthentikSource')],
    }, range(`sum by (outcome) (increase(riskengine_hints_total{${here}}[$__rate_interval]))`, '{{outcome}}')),
    graph({
      title: 'Lost before they were events', unit: 'short', bars: true,
      says: 'Messages and connections of syslog that were not taken, by reason. Syslog sends nothing again.',
      links: [from('SyslogSource')],
    }, range(`sum by (source, reason) (increase(riskengine_syslog_lost_total{${here}}[$__rate_interval]))`, '{{source}}: {{reason}}')),
  ]],
  ['Judging and storing', [
    graph({
      title: 'Time for one batch', unit: 's', log: true,
      says: 'To load the state of a batch and judge it, and to commit it: half and 99 of 100.',
    },
    range(`histogram_quantile(0.5, sum by (le) (rate(riskengine_assessment_duration_seconds_bucket{${here}}[$__rate_interval])))`, 'load and judge, half'),
    range(`histogram_quantile(0.99, sum by (le) (rate(riskengine_assessment_duration_seconds_bucket{${here}}[$__rate_interval])))`, 'load and judge, 99 of 100'),
    range(`histogram_quantile(0.5, sum by (le) (rate(riskengine_store_operation_duration_seconds_bucket{${here},operation="commit"}[$__rate_interval])))`, 'commit, half'),
    range(`histogram_quantile(0.99, sum by (le) (rate(riskengine_store_operation_duration_seconds_bucket{${here},operation="commit"}[$__rate_interval])))`, 'commit, 99 of 100'),
    range(`histogram_quantile(0.99, sum by (le) (rate(riskengine_store_flush_duration_seconds_bucket{${here}}[$__rate_interval])))`, 'of it one flush to the disk, 99 of 100')),
    graph({
      title: 'Queue', unit: 'short',
      says: 'Submissions that wait for the judge, and how many may.',
    },
    range(`max by (queue) (riskengine_queue_depth{${here}})`, '{{queue}}: waiting'),
    range(`max by (queue) (riskengine_queue_capacity{${here}})`, '{{queue}}: room')),
    graph({
      title: 'Submissions that failed', unit: 'short', bars: true,
      says: 'Submissions of events without success, by reason: no room or waited too long (busy), unanswered or store (the disk), poison (a fault of ours, the log says which event).',
      links: [trouble],
    }, range(`sum by (reason) (increase(riskengine_submissions_failed_total{${here}}[$__rate_interval]))`, '{{reason}}')),
    graph({
      title: 'Errors of the store', unit: 'short', bars: true,
      says: 'Operations of the store that failed. What is not stored is not acknowledged and comes again.',
      links: [from('StoreMetrics')],
    }, range(`sum by (store, operation) (increase(riskengine_store_errors_total{${here}}[$__rate_interval]))`, '{{store}}: {{operation}}')),
    graph({
      title: 'Rows to be carried over', unit: 'bytes',
      says: 'Memory that rows of the shared journal take up until the replica that leads carries them over: up to a hundred megabytes are usual, at 512 MiB nothing is stored any more. Nothing where the store is one file.',
      links: [from('StoreMetrics')],
    }, range(`max by (instance) (riskengine_store_journal_bytes{${here}})`, '{{instance}}')),
    graph({
      title: 'Who leads', unit: 'short',
      says: 'Replicas that deliver for all, and that poll for all: one each. Without one nothing is delivered, or nothing polled.',
    }, range(`sum by (duty) (riskengine_leads{${here}})`, '{{duty}}')),
    graph({
      title: 'Rows removed for age', unit: 'short', bars: true,
      says: 'Rows that were removed because their time was over, by table. This is how it should be.',
    }, range(`sum by (table) (increase(riskengine_rows_expired_total{${here}}[$__rate_interval]))`, '{{table}}')),
    graph({
      title: 'Rows given up', unit: 'short', bars: true,
      says: 'Rows that were given up because a table was full. What they knew is forgotten, so people look new: raise the cap.',
      links: [toBoard('Capacity', 'riskengine-capacity')],
    }, range(`sum by (table) (increase(riskengine_table_evictions_total{${here}}[$__rate_interval]))`, '{{table}}')),
  ]],
  ['Decisions out', [
    graph({
      title: 'Responders', unit: 'cpm', stacked: true,
      says: 'Requests a minute to whoever acts upon decisions, by outcome. Empty where no responder is set up.',
    }, range(`sum by (responder, outcome) (rate(riskengine_responder_requests_total{${here}}[$__rate_interval])) * 60`, '{{responder}}: {{outcome}}')),
    graph({
      title: 'Time of responders', unit: 's',
      says: 'How long one request to a responder takes, for 99 of 100.',
    }, range(`histogram_quantile(0.99, sum by (le, responder) (rate(riskengine_responder_duration_seconds_bucket{${here}}[$__rate_interval])))`, '{{responder}}')),
    graph({
      title: 'Outbox', unit: 'short',
      says: 'What is still owed to each responder. It grows while a target is down and falls afterwards; nothing in it is lost.',
    }, range(`sum by (responder) (riskengine_outbox_depth{${here}})`, '{{responder}}')),
    graph({
      title: 'Dead letters', unit: 'short', bars: true,
      says: 'What was given up, by where it came from and why. Look at each: "riskengine outbox list".',
    }, range(`sum by (source, reason) (increase(riskengine_dead_letters_total{${here}}[$__rate_interval]))`, '{{source}}: {{reason}}')),
  ]],
  ['Losses, and what is not told', [
    graph({
      title: 'Log lines left out', unit: 'short', bars: true,
      says: 'Lines that were dropped: about decisions because there were too many ("decisions"), or because nobody read standard output ("stdout"), or on the way to Loki ("loki"). Logins are judged all the same.',
    }, range(`sum by (sink) (increase(riskengine_log_entries_dropped_total{${here}}[$__rate_interval]))`, '{{sink}}')),
    graph({
      title: 'Pushes by OTLP', unit: 'short', bars: true,
      says: 'Pushes of metrics and traces by what became of them: "delivered", or why not. Empty where otlp.endpoint is not set. Logins are judged all the same.',
      links: [from('OtlpWatch')],
    }, range(`sum by (signal, outcome) (increase(riskengine_otlp_requests_total{${here}}[$__rate_interval])) > 0`, '{{signal}}: {{outcome}}')),
    graph({
      title: 'Spans lost', unit: 'short', bars: true,
      says: 'Spans that were recorded and reached nobody, because the receiver is too slow (queue_full) or did not take them (not_taken). Lower otlp.sampling, or mend the receiver.',
      links: [from('OtlpWatch')],
    }, range(`sum by (reason) (increase(riskengine_spans_lost_total{${here}}[$__rate_interval]))`, '{{reason}}')),
    graph({
      title: 'Lines to Loki', unit: 'cpm', width: 8,
      says: 'Lines a minute that Loki took, by stream. Empty where loki.url is not set.',
      links: [from('LokiShipper')],
    }, range(`60 * sum by (stream) (rate(riskengine_loki_entries_total{${here}}[$__rate_interval]))`, '{{stream}}')),
    graph({
      title: 'Waiting for Loki', unit: 'bytes', width: 8,
      says: 'Memory of lines that wait. It moves about nothing while Loki takes them, and stops growing at loki.queue_bytes.',
      links: [from('LokiShipper')],
    }, range(`sum by (instance) (riskengine_loki_queue_bytes{${here}})`, '{{instance}}')),
    graph({
      title: 'Requests to Loki that failed', unit: 'short', bars: true, width: 8,
      says: 'By what became of them. "rejected" is a line that Loki will never take; anything else is tried again.',
      links: [from('LokiShipper')],
    },
    range(`sum by (outcome) (increase(riskengine_loki_requests_total{${here},outcome!="delivered"}[$__rate_interval]))`, '{{outcome}}'),
    range(`sum by (reason) (increase(riskengine_loki_entries_dropped_total{${here}}[$__rate_interval]))`, 'lines lost: {{reason}}')),
    graph({
      title: 'Incidents that lost something', unit: 'short', bars: true,
      says: 'Incidents closed early because too many were open, and risky events that are in no incident.',
    },
    range(`sum(increase(riskengine_incidents_closed_early_total{${here}}[$__rate_interval]))`, 'closed early'),
    range(`sum(increase(riskengine_incident_events_dropped_total{${here}}[$__rate_interval]))`, 'events in none')),
    graph({
      title: 'What a scrape brings', unit: 'short',
      says: 'Series that Prometheus gets of each instance. The number hangs on configuration, and on applications up to twenty, never on people or addresses.',
    }, range('sum by (instance) (scrape_samples_scraped{job="riskengine",instance=~"$instance"})', '{{instance}}')),
    table({
      title: 'Builds', unit: 'short', value: 'Instances',
      says: 'Which version runs how often.',
    }, row(`count by (version, commit) (riskengine_build_info{${here}})`)),
    graph({
      title: 'Warnings and errors', unit: 'short', bars: true, width: 24, height: 6,
      says: 'Lines of level "warn" and above, by the part that wrote them.',
      links: [toMetric('Errors of the store as a graph', 'sum by (operation) (increase(riskengine_store_errors_total[5m]))')],
    }, logRate(`sum by (source) (count_over_time(${troubleLines} [$__auto]))`, '{{source}}')).datasource({ type: 'loki', uid: '${loki}' }),
    logs({
      title: 'Warnings and errors, in words', unit: 'short',
      says: 'Each says what to do.',
      links: [toMetric('Submissions that failed', 'sum by (reason) (increase(riskengine_submissions_failed_total[5m]))')],
    }, logLines(troubleLines)),
    logs({
      title: 'Who changed what', unit: 'short',
      says: 'The audit, as far as RiskEngine sends it to Loki; the store has it whole, and "riskengine export audit --verify" proves it. People are pseudonyms.',
      links: [toMetric('Blocks as a graph', 'sum by (origin) (increase(riskengine_blocks_total[5m]))')],
    }, logLines(audit)),
  ]],
]);
