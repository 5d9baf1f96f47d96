"""Signs people in through a flow, as authentik does, with the policies, bindings and mappings of the blueprint.

Reads one JSON object from standard input and answers one on standard output. Stands in for authentik: the names its expressions are given, the order
of the stages, evaluation at every GET and POST, what an exception does, a session that is pickled after every request. The expressions themselves and
the requests they make are the real ones.
"""

import ipaddress
import json
import os
import pickle
import sys
import textwrap
import time
import types
import uuid

import requests
import yaml

HTTP_TIMEOUT = 30


# The blueprint -------------------------------------------------------------------------------------------------------------------------------------


class Tag:
    def __init__(self, name, value):
        self.name, self.value = name, value


class Loader(yaml.SafeLoader):
    pass


def construct(loader, suffix, node):
    if isinstance(node, yaml.ScalarNode):
        return Tag(suffix, loader.construct_scalar(node))
    return Tag(suffix, loader.construct_sequence(node, deep=True))


Loader.add_multi_constructor("!", construct)


class KeyOf(str):
    """The id of an entry, in the place of its key."""


class Found(tuple):
    """What identifies an object that the blueprint did not make."""


def resolve(value, context):
    if isinstance(value, dict):
        return {name: resolve(inner, context) for name, inner in value.items()}
    if isinstance(value, list):
        return [resolve(inner, context) for inner in value]
    if not isinstance(value, Tag):
        return value
    name, inner = value.name, value.value
    if name == "Context":
        return context[inner]
    if name == "Env":
        return os.environ.get(inner)
    if name == "KeyOf":
        return KeyOf(inner)
    if name == "Format":
        first, *rest = resolve(inner, context)
        return first % tuple(rest)
    if name == "If":
        condition, positive, negative = inner
        return resolve(positive if resolve(condition, context) else negative, context)
    if name == "Find":
        return Found(resolve(inner, context)[1][:2])
    raise ValueError("unknown tag " + name)


def apply(path, changes):
    """The entries that are there afterwards, in order; fails as authentik does when one refers to an entry that was left out."""
    with open(path, encoding="utf8") as file:
        blueprint = yaml.load(file, Loader)
    context = blueprint["context"] | changes
    entries, ids = [], set()
    for raw in blueprint["entries"]:
        if not all(resolve(condition, context) for condition in raw.get("conditions", [])):
            continue
        entry = {name: resolve(value, context) for name, value in raw.items()}
        if entry.get("state", "present") == "absent":
            continue
        for value in list(entry.get("identifiers", {}).values()) + list(entry.get("attrs", {}).values()):
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, KeyOf) and one not in ids:
                    raise LookupError("KeyOf: failed to find entry with id of " + one)
        ids.add(entry.get("id"))
        entries.append(entry)
    return context, entries


# The expressions -----------------------------------------------------------------------------------------------------------------------------------


class Session(requests.Session):
    """authentik's: a default time-out and a name, no retries. Counts what it sends."""

    sent, timeouts = 0, []

    def __init__(self):
        super().__init__()
        self.headers["User-Agent"] = "authentik@2026.8.3"

    def send(self, request, **options):
        Session.sent += 1
        options["timeout"] = options.get("timeout") or HTTP_TIMEOUT
        Session.timeouts.append(options["timeout"])
        return super().send(request, **options)


class Logger:
    lines = []

    def warning(self, event, **fields):
        Logger.lines.append({"event": event} | fields)

    info = warning


def evaluate(expression, names):
    signature = ",".join(names)
    source = f"def handler({signature}):\n{textwrap.indent(expression, '    ')}\nresult = handler({signature})"
    globals_ = {"requests": Session(), "ak_logger": Logger(), "ak_is_group_member": lambda user, name: name in user.groups}
    locals_ = dict(names)
    exec(compile(source, "expression", "exec"), globals_, locals_)
    return locals_["result"]


# The flow ------------------------------------------------------------------------------------------------------------------------------------------


class Flow:
    def __init__(self, given):
        self.given = given
        self.context, self.entries = apply(given["blueprint"], given.get("context", {}))
        self.user = types.SimpleNamespace(**({"pk": None, "groups": []} | given["user"]))
        self.plan = types.SimpleNamespace(context=dict(given.get("plan", {})))
        self.exceptions, self.messages, self.steps = [], [], []

    def entry(self, id_):
        return next(entry for entry in self.entries if entry.get("id") == id_)

    def stages(self):
        """The bindings of the default flow and of the blueprint, in order."""
        flow = {10: {"kind": "identification"}, 20: {"kind": "password"}, 100: {"kind": "login"}}
        own = "default-authentication-mfa-validation"
        if self.given.get("own_factor", True):
            flow[30] = {"kind": "factor", "name": own, "not_configured_action": "skip", "mode": "any", "policies": []}
        for entry in self.entries:
            if entry["model"] != "authentik_flows.flowstagebinding":
                continue
            assert entry["identifiers"]["target"] == ("slug", "default-authentication-flow")
            stage, order = entry["identifiers"]["stage"], entry["identifiers"]["order"]
            if isinstance(stage, Found):
                assert flow[order]["name"] == stage[1]
            else:
                target = self.entry(stage)
                kind = "deny" if "denystage" in target["model"] else "factor"
                flow[order] = {"kind": kind, "name": target["identifiers"]["name"], "policies": []} | target["attrs"]
            flow[order] |= {"mode": entry["attrs"]["policy_engine_mode"], "id": entry["id"]}
            assert entry["attrs"]["re_evaluate_policies"] and not entry["attrs"]["evaluate_on_plan"]
        for entry in self.entries:
            if entry["model"] != "authentik_policies.policybinding":
                continue
            for stage in flow.values():
                if stage.get("id") == entry["identifiers"]["target"]:
                    stage["policies"].append((entry["attrs"], self.entry(entry["identifiers"]["policy"])))
        return [flow[order] for order in sorted(flow)]

    def passes(self, stage, http_request):
        results = []
        for binding, policy in stage.get("policies", []):
            request = types.SimpleNamespace(
                user=self.user, http_request=http_request, obj=None, debug=False,
                context={"geoip": self.given.get("geoip"), "asn": self.given.get("asn"), "flow_plan": self.plan} | self.plan.context,
            )
            names = {
                "ak_client_ip": ipaddress.ip_address(self.given.get("client_ip", "255.255.255.255")), "http_request": http_request,
                "request": request, "context": request.context, "ak_is_sso_flow": False, "ak_message": self.messages.append,
            }
            try:
                results.append(bool(evaluate(policy["attrs"]["expression"], names)) != binding["negate"])
            except Exception as fault:
                self.exceptions.append(policy["identifiers"]["name"] + ": " + repr(fault))
                self.messages.append(str(fault))
                results.append(binding["failure_result"])
        # No policy: the stage is shown.
        return not results or (all if stage["mode"] == "all" else any)(results)

    def http(self):
        meta = {} if self.given.get("user_agent") is None else {"HTTP_USER_AGENT": self.given["user_agent"]}
        return types.SimpleNamespace(META=meta, request_id=uuid.uuid4().hex)

    def request(self, stage):
        """A GET of a stage and a POST to it: its policies at either, and the session written and read again in between."""
        results = []
        for _ in range(2):
            results.append(self.passes(stage, self.http()))
            self.plan = pickle.loads(pickle.dumps(self.plan))
        assert results[0] == results[1]
        return results[0]

    def run(self):
        for stage in self.stages():
            if not self.request(stage):
                continue
            end = self.act(stage)
            if end:
                return end

    def act(self, stage):
        kind = stage["kind"]
        if kind == "deny":
            self.steps.append(stage["name"])
            return {"end": "denied", "seen": stage["deny_message"]}
        if kind == "factor":
            if not self.given.get("factor"):
                return {"end": "denied", "seen": "No second factor"} if stage["not_configured_action"] == "deny" else None
            self.steps.append(stage["name"])
            # The answer to the prompt is a request of its own.
            assert self.request(stage)
            devices = self.plan.context.setdefault("auth_method_args", {}).setdefault("mfa_devices", [])
            devices.append({"pk": "1", "app": "authentik_stages_authenticator_totp", "name": "phone", "model_name": "totpdevice"})
        if kind == "password":
            self.plan.context.setdefault("auth_method", self.given.get("auth_method", "password"))
            self.plan.context.setdefault("auth_method_args", {})
        if kind == "login":
            return {"end": "signed in", "seen": None, "event": self.event()}
        return None

    def event(self):
        """What the webhook sends about the login: body and headers as the mappings make them."""
        http_request = self.http()
        event = types.SimpleNamespace(
            event_uuid=uuid.uuid4(), action="login", app="authentik.events.signals", created=self.given.get("now"), client_ip=self.given.get("client_ip"),
            user={"pk": self.user.pk, "username": self.user.username, "email": ""},
            context={
                "auth_method": self.plan.context["auth_method"], "auth_method_args": self.plan.context["auth_method_args"],
                "http_request": {"request_id": http_request.request_id, "user_agent": self.given.get("user_agent"), "path": "/", "method": "GET", "args": {}},
            },
        )
        notification = types.SimpleNamespace(event=event, body="", severity="notice", user=None)
        names = {"notification": notification, "request": types.SimpleNamespace(context={"notification": notification})}
        body, headers = (evaluate(self.entry("mapping-" + part)["attrs"]["expression"], names) for part in ("body", "headers"))
        return {"url": self.entry("transport")["attrs"]["webhook_url"], "body": body, "headers": headers}


def main():
    given = json.load(sys.stdin)
    answers = []
    for login in given:
        Session.sent, Session.timeouts, Logger.lines = 0, [], []
        started = time.monotonic()
        try:
            flow = Flow(login)
            answer = flow.run()
            answer |= {
                "asked": Session.sent, "timeouts": Session.timeouts, "log": Logger.lines, "steps": flow.steps, "exceptions": flow.exceptions, "messages": flow.messages,
                "memo": flow.plan.context.get("riskengine"), "arguments": flow.plan.context.get("auth_method_args"),
            }
        except LookupError as fault:
            answer = {"end": "not applied", "seen": str(fault)}
        answers.append(answer | {"seconds": time.monotonic() - started})
    json.dump(answers, sys.stdout)


main()
