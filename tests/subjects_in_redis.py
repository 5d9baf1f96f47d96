#!/usr/bin/env python3
"""What subjects take in Redis and PostgreSQL: fills a shared store with the published mix of logins, through a running program, and asks both.

The mix has a median of 2 logins a subject and a 99th percentile of 28, 50 at most. A subject has a home and an office that two hundred share, two browsers and one
country; one login in twenty fails, one in fifty comes from an address that the subject never had. Needs what replicas.py needs.
"""
import argparse, collections, http.client, json, math, os, pathlib, random, shutil, signal, subprocess, sys, tempfile, threading, queue, time
from replicas import ROOT, Replica, Servers

POST, KINDS = 1000, {1: "profile", 2: "reputation", 3: "pair", 4: "name", 5: "skeleton", 255: "carried"}


def logins(subjects, seed):
    """A subject for each login, in the order of their times."""
    chance, all_of_them = random.Random(seed), []
    for subject in range(subjects):
        all_of_them += [subject] * max(1, min(50, round(2 * math.exp(1.1344 * chance.gauss(0, 1)))))
    chance.shuffle(all_of_them)
    return all_of_them


def posts(order, seed):
    """Posts of lines; the logins happened within the last six days, one after the other."""
    chance, span, begin, lines = random.Random(seed), 6 * 86400, time.time() - 6 * 86400, []
    for number, subject in enumerate(order):
        at, drawn = begin + span * number / len(order), chance.randrange(50)
        address = 0x1000_0000 + chance.randrange(1 << 26) if drawn == 0 else 0x0B00_0000 + subject // 200 if drawn < 20 else 0x2000_0000 + subject
        browser = (subject + chance.randrange(2)) % 40
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at)) + f".{int(at * 1000) % 1000:03d}Z"
        lines.append(
            f'{{"id":"{seed:08x}-0000-4000-8000-{number:012x}","occurred_at":"{stamp}","kind":"{"login_failed" if chance.randrange(20) == 0 else "login"}","subject":{{"id":"{subject}","name":"user{subject}"}},'
            f'"source_ip":"{address >> 24}.{address >> 16 & 255}.{address >> 8 & 255}.{address & 255}","user_agent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{100 + browser}.0.0.0 Safari/537.36",'
            f'"session_id":"{chance.getrandbits(64):016x}","application":"app{(subject + chance.randrange(2)) % 8}","auth_method":"password","mfa":["totp"],'
            f'"geo":{{"country":"{["DE", "FR", "PT", "US", "JP"][subject % 5]}","latitude":{40 + subject % 5}.5,"longitude":{subject % 5}.4}},"asn":{{"number":{1000 + subject % 997}}}}}')
        if len(lines) == POST:
            yield "\n".join(lines)
            lines = []
    if lines:
        yield "\n".join(lines)


def redis(servers, *command):
    return subprocess.run(["redis-cli", "-p", str(servers.redis_port), *command], capture_output=True, text=True).stdout


def info(servers, name):
    return next(line.split(":")[1].strip() for line in redis(servers, "INFO").splitlines() if line.startswith(name + ":"))


def tables(servers):
    """Of events and of rows of state: how many, their bytes with indexes, and the bytes of the log that were written in all."""
    sql = ("SELECT (SELECT seq FROM head), (SELECT coalesce(sum(pg_total_relation_size(inhrelid)), 0) FROM pg_inherits WHERE inhparent = 'events'::regclass), "
           "(SELECT count(*) FROM state_rows), pg_total_relation_size('state_rows'), pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')")
    told = subprocess.run(["psql", "-X", "-A", "-t", "-h", "127.0.0.1", "-p", str(servers.port), "-U", "riskengine", "-d", "mix", "-c", sql], capture_output=True, text=True, check=True).stdout
    return [int(part) for part in told.strip().split("|")]


def kinds(servers, sample):
    """How many of a sample of rows are of each kind, and what one takes with its name and Redis' own."""
    counted, size = collections.Counter(), collections.Counter()
    script = "local r = {} for i = 1, ARGV[1] do local k = redis.call('RANDOMKEY') r[#r + 1] = string.byte(k, 12) .. ' ' .. redis.call('MEMORY', 'USAGE', k) end return r"
    for line in redis(servers, "EVAL", script, "0", str(sample)).splitlines():
        kind, memory = map(int, line.split())
        counted[kind] += 1
        size[kind] += memory
    return [(kind, counted[kind] / sample, size[kind] / counted[kind]) for kind in sorted(counted)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=str(ROOT / "RiskEngine/RiskEngine.Host/bin/Release/net10.0/riskengine.dll"))
    parser.add_argument("--subjects", type=int, default=1_000_000)
    parser.add_argument("--clients", type=int, default=4)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    folder = tempfile.mkdtemp(prefix="riskengine-servers-")
    servers = Servers(folder)
    replica = None
    try:
        servers.sql("CREATE DATABASE mix")
        pathlib.Path(folder, "riskengine.yaml").write_text(
            f'store: {{ kind: shared }}\npostgres: {{ connection_string: "Host=127.0.0.1;Port={servers.port};Username=riskengine;Database=mix" }}\nredis: {{ endpoints: ["127.0.0.1:{servers.redis_port}"], timeout: 5s }}\n')
        replica = Replica(options.program, folder, 0)
        log = tables(servers)[4]
        key = pathlib.Path(folder, "admin.key").read_text().strip()
        order, waiting, begun = logins(options.subjects, 1), queue.Queue(options.clients), time.monotonic()

        def post():
            connection = http.client.HTTPConnection("127.0.0.1", replica.port, timeout=300)
            while (body := waiting.get()) is not None:
                while True:
                    connection.request("POST", "/api/v1/events", body, {"Content-Type": "application/x-ndjson", "Authorization": f"Bearer {key}"})
                    answer = connection.getresponse()
                    told = answer.read()
                    if answer.status == 202:
                        break
                    print(f"{answer.status}: {told[:200]}", file=sys.stderr)
                    time.sleep(1)

        clients = [threading.Thread(target=post, daemon=True) for _ in range(options.clients)]
        for client in clients:
            client.start()
        for body in posts(order, 1):
            waiting.put(body)
        for _ in clients:
            waiting.put(None)
        for client in clients:
            client.join()
        took = time.monotonic() - begun
        # What is carried over is copied once more.
        time.sleep(30)
        used, rows = int(info(servers, "used_memory")), int(redis(servers, "DBSIZE").split()[-1])
        print(f"{options.subjects} subjects, {len(order)} logins in {took:.0f} s, load {os.getloadavg()[0]:.0f}")
        print(f"Redis: used_memory {used} ({used / 2**30:.2f} GiB), {used / options.subjects:.0f} bytes a subject, {rows} rows of {used / rows:.0f} bytes, {info(servers, 'evicted_keys')} evicted")
        print("| kind | share of rows | rows a subject | bytes of a row, all in |\n|---|---|---|---|")
        for kind, share, size in kinds(servers, 20_000):
            print(f"| {KINDS.get(kind, kind)} | {share:.3f} | {share * rows / options.subjects:.2f} | {size:.0f} |")
        events, events_size, rows, rows_size, written = tables(servers)
        print(f"PostgreSQL: {events} events of {events_size / events:.0f} bytes with their indexes, {rows} rows of state of {rows_size / rows:.0f}, {(written - log) / events:.0f} bytes of its log an event")
        print(f"copies that failed: {replica.counter('riskengine_store_copy_errors_total'):.0f}")
    finally:
        if replica is not None:
            replica.stop()
        servers.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
