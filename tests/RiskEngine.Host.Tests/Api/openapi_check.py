"""Holds traffic against an OpenAPI 3.1 document with python3-jsonschema.

The first line of standard input is the document. Every further line is one exchange: method, path, request_type, request, status, response_type,
response; what is null was not there. For each, one line is written: the operation, or null where the document has none, and what does not fit.
"""
import json
import re
import sys

import jsonschema

document = json.loads(sys.stdin.readline())
# In 3.1 the schemas are JSON Schema 2020-12. References lead into the document, so it is the root of every schema.
Validator = getattr(jsonschema, "Draft202012Validator")
templates = [
    (re.compile("^" + re.sub(r"\\\{[^/]+\\\}", "[^/]+", re.escape(path)) + "$"), path) for path in sorted(document["paths"], key=lambda path: path.count("{"))
]


def pointer(path):
    return "#/paths/" + "/".join(str(part).replace("~", "~0").replace("/", "~1") for part in path)


def operation_of(method, path):
    for pattern, template in templates:
        if pattern.match(path) and method.lower() in document["paths"][template]:
            return template, document["paths"][template][method.lower()]
    return None, None


def media_type(content, given):
    name = (given or "").split(";")[0].strip().lower()
    return name if name in content else None


def faults_of(where, what, value):
    root = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$ref": pointer(where), "paths": document["paths"], "components": document.get("components", {})}
    for error in sorted(Validator(root).iter_errors(value), key=lambda error: list(map(str, error.absolute_path))):
        error = jsonschema.exceptions.best_match([error])
        yield f"{what}{''.join(f'[{part!r}]' for part in error.absolute_path)}: {error.message[:300]}"


def lines_of(body, rejected):
    for number, line in enumerate(body.splitlines()):
        # What was told to be rejected need not fit either.
        if line.strip() and number not in rejected:
            yield number, line


def body_faults(where, what, content, given, body, rejected=()):
    name = media_type(content, given)
    if name is None:
        yield f"{what}: {given} is none of {', '.join(content) or 'no media types'}"
        return
    where = [*where, "content", name, "schema"]
    if "schema" not in content[name]:
        yield f"{what}: {name} has no schema"
    elif name.endswith("ndjson"):
        for number, line in lines_of(body, rejected):
            yield from faults_of(where, f"{what}, line {number}", json.loads(line))
    elif name.endswith("json"):
        yield from faults_of(where, what, json.loads(body))
    else:
        yield from faults_of(where, what, body)


class AllLines:
    def __contains__(self, line):
        return True


def rejected_lines(response):
    """Lines that the answer says were not taken; all of them where it does not say which."""
    try:
        answer = json.loads(response)
        if answer["rejected_count"] > len(answer["rejected"]):
            return AllLines()
        return {element["line"] for element in answer["rejected"]}
    except (KeyError, TypeError, ValueError):
        return set()


def check(exchange):
    template, operation = operation_of(exchange["method"], exchange["path"].split("?")[0])
    if operation is None:
        return None, []
    here, faults = [template, exchange["method"].lower()], []
    status = str(exchange["status"])
    # What was refused need not fit; what was taken must.
    if exchange["request"] is not None and status[0] == "2":
        if "requestBody" in operation:
            faults += body_faults([*here, "requestBody"], "request", operation["requestBody"]["content"], exchange["request_type"], exchange["request"], rejected_lines(exchange["response"]))
        elif exchange["request"]:
            faults.append("request: no body is described")
    if status not in operation["responses"]:
        faults.append(f"{status}: is not described")
    elif exchange["response"]:
        content = operation["responses"][status].get("content", {})
        faults += body_faults([*here, "responses", status], status, content, exchange["response_type"], exchange["response"])
    return f"{exchange['method']} {template}", faults


for line in sys.stdin:
    exchange = json.loads(line)
    try:
        operation, faults = check(exchange)
    except ValueError as fault:
        operation, faults = exchange["path"], [f"is not JSON: {fault}"]
    print(json.dumps({"operation": operation, "faults": faults}), flush=True)
