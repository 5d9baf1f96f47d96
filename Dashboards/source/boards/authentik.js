import { board, chosen } from '../lib/board.js';
import { toBoard } from '../lib/links.js';
import { graph, number, table } from '../lib/panels.js';
import { instant, range, row } from '../lib/queries.js';

const at = 'instance=~"$instance"';
/** @param {string} name @param {string} by */
const p95 = (name, by, more = '') => `histogram_quantile(0.95, sum by (le, ${by}) (rate(${name}_bucket{${at}${more}}[$__rate_interval])))`;
/** @param {string} name @param {string} by */
const mean = (name, by, more = '') => `sum by (${by}) (rate(${name}_sum{${at}${more}}[$__rate_interval])) / sum by (${by}) (rate(${name}_count{${at}${more}}[$__rate_interval]))`;
/** What an exporter without buckets says itself; of several instances the worst, since quantiles cannot be added. @param {string} name @param {string} by */
const told = (name, by) => `max by (${by}) (${name}{${at},quantile="0.95"})`;

export default board({
  uid: 'riskengine-authentik',
  title: 'authentik, by its own metrics',
  says: 'What authentik says of itself. It counts no logins: those are on the board "logins". Times are in seconds unless a title says milliseconds. From 2026.8 on the front end tells quantiles in place of buckets; panels that hang on that show both.',
  logs: false,
  annotated: false,
  instances: 'label_values(authentik_main_request_duration_seconds_count, instance)',
  tags: ['authentik'],
  variables: [chosen('outpost', 'Outpost', 'label_values(authentik_outposts_connected, outpost)')],
}, [
  ['Is it well?', [
    number({
      title: 'Workers', unit: 'short', decimals: 0, limits: [[Number.NEGATIVE_INFINITY, 'red'], [1, 'green']],
      says: 'Workers that are connected. Without one no mail is sent, no outpost is configured and no webhook is called.',
    }, instant(`sum(max without (pid) (authentik_tasks_workers{${at}}))`)),
    number({
      title: 'Outposts connected', unit: 'short', decimals: 0, none: 'none set up',
      says: 'Outposts that are connected now.',
    }, instant(`sum(max without (pid) (authentik_outposts_connected{${at},outpost=~"$outpost"}))`)),
    number({
      title: 'Tasks that wait', unit: 'short', decimals: 0, limits: [[100, 'orange'], [1000, 'red']],
      says: 'Tasks in all queues. A number that grows for minutes means too few workers, or one task that hangs.',
    }, instant(`sum(max without (pid) (authentik_tasks_queued{${at}}))`)),
    number({
      title: 'Webhooks that failed', unit: 'short', decimals: 0, limits: [[1, 'red']],
      says: 'Notifications of the last hour that authentik could not deliver. Where RiskEngine gets its events by webhook, those logins were not judged.',
      links: [toBoard('Logins', 'riskengine-logins')],
    }, instant(`sum(increase(authentik_tasks_errors_total{${at},actor_name=~".*notification_transport.*"}[1h]))`)),
    number({
      title: 'Answers that failed', unit: 'percentunit', decimals: 2, none: 'no requests', limits: [[0.01, 'orange'], [0.05, 'red']],
      says: 'Of the answers of the last ten minutes, how many had a status of 500 or above.',
    }, instant(`(sum(rate(django_http_responses_total_by_status_total{${at},status=~"5.."}[10m])) or vector(0)) / sum(rate(django_http_responses_total_by_status_total{${at}}[10m]))`)),
    number({
      title: 'Licence ends in', unit: 's', decimals: 0, none: 'no licence',
      says: 'Time until the enterprise licence ends, where there is one.',
    }, instant(`min(authentik_enterprise_license_expiry_seconds{${at}})`)),
  ]],
  ['Requests', [
    graph({
      title: 'Mean time of a request', unit: 's',
      says: 'Seconds, by where the front end sent the request. Right for every version from 2025.10 on, also over several instances; before January 2026 the time ended too early and is not comparable.',
    }, range(mean('authentik_main_request_duration_seconds', 'dest'), '{{dest}}')),
    graph({
      title: 'Slow requests', unit: 's',
      says: 'Seconds within which 95 of 100 requests were answered. Up to 2026.5 from buckets, over all instances; from 2026.8 on what the worst instance tells itself, since quantiles of several cannot be put together.',
    },
    range(p95('authentik_main_request_duration_seconds', 'dest'), '{{dest}}, from buckets'),
    range(told('authentik_main_request_duration_seconds', 'dest'), '{{dest}}, as told')),
    graph({
      title: 'Requests', unit: 'reqps',
      says: 'Requests a second at the front end, by where they went.',
    }, range(`sum by (dest) (rate(authentik_main_request_duration_seconds_count{${at}}[$__rate_interval]))`, '{{dest}}')),
    graph({
      title: 'Answers by status', unit: 'reqps', stacked: true,
      says: 'Answers of the core a second, by status.',
    }, range(`sum by (status) (rate(django_http_responses_total_by_status_total{${at}}[$__rate_interval]))`, '{{status}}')),
  ]],
  ['Flows and policies', [
    graph({
      title: 'Planning a flow', unit: 's',
      says: 'Seconds that 95 of 100 plans took, by flow. Policies bound to the flow run meanwhile. Buckets end at 10 s.',
    }, range(p95('authentik_flows_plan_time', 'flow_slug'), '{{flow_slug}}')),
    graph({
      title: 'Stages', unit: 's',
      says: 'Seconds that 95 of 100 executions of a stage took.',
    }, range(p95('authentik_flows_execution_stage_time', 'stage_type, method'), '{{stage_type}} {{method}}')),
    graph({
      title: 'Policies by name', unit: 's', limits: [[1, 'orange']],
      says: 'Seconds that 95 of 100 executions of a policy took, not from the cache. The policy that asks RiskEngine should lie far below a second; its own limit is 1.3 s.',
      links: [toBoard('How fast RiskEngine answers', 'riskengine-sidecar')],
    }, range(p95('authentik_policies_execution_time', 'binding_target_name', ',mode="execute_process"'), '{{binding_target_name}}')),
    graph({
      title: 'The policy engine as a whole', unit: 's',
      says: 'Seconds, mean, by what was evaluated. The metric has "total" in its name and is a histogram of seconds all the same.',
    }, range(mean('authentik_policies_engine_time_total_seconds', 'obj_type'), '{{obj_type}}')),
    graph({
      title: 'Property mappings', unit: 's',
      says: 'Seconds that 95 of 100 evaluations of a mapping took. Those of the webhook run once for each event.',
    }, range(p95('authentik_property_mapping_execution_time', 'mapping_name'), '{{mapping_name}}')),
    graph({
      title: 'Plans and policy results kept', unit: 'short',
      says: 'Entries in the cache. The same number is told by every process, so this is the largest and not the sum.',
    },
    range(`max(authentik_flows_cached{${at}})`, 'plans'),
    range(`max(authentik_policies_cached{${at}})`, 'policy results')),
  ]],
  ['Tasks', [
    graph({
      title: 'Tasks, in milliseconds', unit: 'ms', log: true,
      says: 'Milliseconds that 95 of 100 tasks took, by actor: the one family that is not in seconds.',
    }, range(p95('authentik_tasks_duration_milliseconds', 'actor_name'), '{{actor_name}}')),
    graph({
      title: 'Tasks done, failed, tried again', unit: 'cps',
      says: 'Tasks a second by what became of them. Failed ones are tried again; rejected ones are given up.',
    },
    range(`sum(rate(authentik_tasks_total{${at}}[$__rate_interval]))`, 'done'),
    range(`sum(rate(authentik_tasks_errors_total{${at}}[$__rate_interval]))`, 'failed'),
    range(`sum(rate(authentik_tasks_retries_total{${at}}[$__rate_interval]))`, 'tried again'),
    range(`sum(rate(authentik_tasks_rejected_total{${at}}[$__rate_interval]))`, 'rejected')),
    graph({
      title: 'Tasks that wait, by queue', unit: 'short', stacked: true,
      says: 'Tasks in each queue. Every process tells the same number, so the largest counts.',
    }, range(`sum by (queue_name) (max without (pid) (authentik_tasks_queued{${at}}))`, '{{queue_name}}')),
    graph({
      title: 'Failing tasks by actor', unit: 'short', bars: true,
      says: 'Tasks that failed, by actor. "notification_transport" is the webhook.',
    }, range(`sum by (actor_name) (increase(authentik_tasks_errors_total{${at}}[$__rate_interval])) > 0`, '{{actor_name}}')),
  ]],
  ['Outposts', [
    table({
      title: 'Since outposts reported', unit: 's', value: 'Seconds ago',
      says: 'How long ago each outpost last reported, and its version. One that is older than the core does not know its new settings.',
    }, row(`time() - max by (outpost, version) (authentik_outposts_last_update{${at},outpost=~"$outpost"})`)),
    graph({
      title: 'Proxy', unit: 's',
      says: 'Seconds that a request through the proxy outpost took: the mean, and 95 of 100 where the outpost tells buckets, or its own quantile where not.',
    },
    range(mean('authentik_outpost_proxy_request_duration_seconds', 'outpost_name'), '{{outpost_name}}, mean'),
    range(p95('authentik_outpost_proxy_request_duration_seconds', 'outpost_name'), '{{outpost_name}}, from buckets'),
    range(told('authentik_outpost_proxy_request_duration_seconds', 'outpost_name'), '{{outpost_name}}, as told')),
    graph({
      title: 'LDAP and RADIUS', unit: 's',
      says: 'Seconds that a request took, mean, by outpost.',
    },
    range(mean('authentik_outpost_ldap_request_duration_seconds', 'outpost_name, type'), '{{outpost_name}} {{type}}'),
    range(mean('authentik_outpost_radius_request_duration_seconds', 'outpost_name'), '{{outpost_name}}')),
    graph({
      title: 'LDAP and RADIUS, refused', unit: 'cpm', stacked: true,
      says: 'Requests refused a minute, by reason: the only failed logins that authentik itself counts.',
      links: [toBoard('Failures of all kinds', 'riskengine-logins')],
    },
    range(`sum by (outpost_name, reason) (rate(authentik_outpost_ldap_requests_rejected_total{${at}}[$__rate_interval])) * 60`, '{{outpost_name}}: {{reason}}'),
    range(`sum by (outpost_name, reason) (rate(authentik_outpost_radius_requests_rejected_total{${at}}[$__rate_interval])) * 60`, '{{outpost_name}}: {{reason}}')),
    graph({
      title: 'Steps of a flow at an outpost', unit: 's',
      says: 'Seconds, mean, that an LDAP or RADIUS outpost waited for a step of the flow that checks a password.',
    },
    range(mean('authentik_outpost_flow_timing_get_seconds', 'stage'), '{{stage}}, asked'),
    range(mean('authentik_outpost_flow_timing_post_seconds', 'stage'), '{{stage}}, answered')),
  ]],
]);
