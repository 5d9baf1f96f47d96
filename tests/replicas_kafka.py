#!/usr/bin/env python3
"""Replicas fed by Kafka: what they bring, and how long it takes until others do what a killed one did.

  scale   one, two and three engines on twelve partitions that are full, each held to a share of a core: events a second and processor time per event
  kill    three engines while events come at an even rate; one is killed without warning, and what is stored is told for each second

Needs what replicas.py needs, librdkafka (RiskEngine/RiskEngine.Kafka/native/build.sh) and the built tests of Kafka (dotnet build tests/RiskEngine.Kafka.Tests -c
Release), whose broker is one in memory (librdkafka's). Events reach it through a collector. How many are stored is what PostgreSQL says, not the engines.
"""
import argparse, os, pathlib, queue, random, shutil, signal, subprocess, sys, tempfile, threading, time, http.client, json
from replicas import ROOT, Group, Replica, Servers, make_events, seconds

PARTITIONS, POST = 12, 500

# The test broker forgets the oldest records of a partition beyond 5 MiB, some 65,000 of these, read or not.
MOST_WAITING = 650_000


class Broker:
    def __init__(self, library):
        program = ROOT / "tests/RiskEngine.Kafka.Tests/bin/Release/net10.0/RiskEngine.Kafka.MockBroker.dll"
        self.process = subprocess.Popen(
            ["dotnet", "exec", program, library, f"riskengine.logins:{PARTITIONS}", "riskengine.dead-letters:1", "riskengine.assessments:1", "riskengine.decisions:1"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.address = self.process.stdout.readline().strip()

    def stop(self):
        self.process.stdin.close()
        self.process.wait(10)


class Fleet:
    """A broker, a database, and a collector that writes to the broker."""

    def __init__(self, servers, options):
        self.servers, self.options = servers, options
        self.database = f"kafka{time.time_ns() % 10_000_000}"
        servers.sql(f"CREATE DATABASE {self.database}")
        self.broker = Broker(options.library)
        self.folder = tempfile.mkdtemp(prefix="riskengine-kafka-")
        self.replicas = []
        pathlib.Path(self.folder, "secret").write_text("0123456789abcdef0123456789abcdef")
        kafka = (f'kafka: {{ bootstrap_servers: "{self.broker.address}", library: "{options.library}", hash_secret_file: "{self.folder}/secret", session_timeout: {options.session_timeout}, '
                 'assessments: false, decisions: false }\n')
        shared = (f'store: {{ kind: shared }}\npostgres: {{ connection_string: "Host=127.0.0.1;Port={servers.port};Username=riskengine;Database={self.database}" }}\n'
                  f'redis: {{ endpoints: ["127.0.0.1:{servers.redis_port}"] }}\n')
        pathlib.Path(self.folder, "riskengine.yaml").write_text(shared + kafka)
        apart = pathlib.Path(self.folder, "collector")
        apart.mkdir()
        (apart / "riskengine.yaml").write_text(kafka)
        self.collector = Replica(options.program, str(apart), "c", roles="collector")
        self.key = (apart / "admin.key").read_text().strip()

    def engine(self):
        self.replicas.append(Replica(self.options.program, self.folder, len(self.replicas), roles="engine"))

    def post(self, lines):
        """Sends posts one after the other, and says how many events were taken."""
        connection = http.client.HTTPConnection("127.0.0.1", self.collector.port, timeout=120)
        connection.request("POST", "/api/v1/events", "\n".join(lines), {"Content-Type": "application/x-ndjson", "Authorization": f"Bearer {self.key}"})
        answer = connection.getresponse()
        told = json.loads(answer.read())
        if answer.status != 202:
            raise SystemExit(told)
        return told["accepted"]

    def stored(self):
        told = subprocess.run(["psql", "-X", "-A", "-t", "-h", "127.0.0.1", "-p", str(self.servers.port), "-U", "riskengine", "-d", self.database, "-c", "SELECT seq FROM head"], capture_output=True, text=True)
        return int(told.stdout or 0)

    def stop(self):
        for replica in [*self.replicas, self.collector]:
            replica.stop()
        self.broker.stop()
        self.servers.sql(f"DROP DATABASE {self.database} WITH (FORCE)", check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


def in_order(count, subjects):
    """Events of all partitions in the order of their times."""
    lines = [line for part in make_events(count, subjects, 7) for line in part]
    lines.sort(key=lambda line: int(line[9:line.index('"', 9)]))
    return lines


class Feeder:
    """Posts events in their order, as a live stream comes, and waits while so many are not stored yet that the broker would forget some."""

    def __init__(self, fleet, lines):
        self.fleet, self.lines, self.sent = fleet, lines, 0
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def fill(self, count):
        for at in range(self.sent, min(self.sent + count, len(self.lines)), POST):
            self.sent += self.fleet.post(self.lines[at:at + POST])

    def run(self):
        stored = self.fleet.stored()
        while not self.stopping.is_set() and self.sent < len(self.lines):
            if self.sent - stored < MOST_WAITING:
                self.fill(POST)
                continue
            time.sleep(0.1)
            stored = self.fleet.stored()

    def stop(self):
        self.stopping.set()
        if self.thread.ident:
            self.thread.join()


def scale(servers, count, options):
    fleet = Fleet(servers, options)
    feeder = Feeder(fleet, in_order(options.events, options.subjects))
    try:
        feeder.fill(MOST_WAITING)
        for _ in range(count):
            fleet.engine()
        feeder.thread.start()
        while fleet.stored() < options.warm * count:
            time.sleep(0.5)
        feeder.stop()
        for replica in fleet.replicas:
            replica.group.hold(options.share)
        time.sleep(3)

        def figures():
            return time.monotonic(), fleet.stored(), sum(seconds(replica.process.pid) for replica in fleet.replicas), servers.seconds()

        before = figures()
        time.sleep(options.seconds / 2)
        halfway = fleet.stored()
        time.sleep(options.seconds / 2)
        after = figures()
        if after[1] - halfway < (halfway - before[1]) / 2:
            raise SystemExit(f"the events came to an end, or something else did: {halfway - before[1]} stored in one half of the time, {after[1] - halfway} in the other, {feeder.sent - after[1]} left")
        elapsed, events, cpu, store = (b - a for a, b in zip(before, after))
        conflicts = sum(replica.counter("riskengine_store_conflicts_total") for replica in fleet.replicas)
        return events / elapsed, cpu / elapsed, 1e6 * cpu / events, 1e6 * store / events, conflicts, feeder.sent - after[1], os.getloadavg()[0]
    finally:
        feeder.stop()
        fleet.stop()


def kill(servers, options):
    fleet = Fleet(servers, options)
    try:
        for _ in range(3):
            fleet.engine()
        lines, sent, stop = in_order(options.events, options.subjects), [0], threading.Event()

        def feed():
            begun = time.monotonic()
            while not stop.is_set() and sent[0] < len(lines):
                due = int((time.monotonic() - begun) * options.rate)
                if due - sent[0] < POST:
                    time.sleep(0.02)
                    continue
                sent[0] += fleet.post(lines[sent[0]:sent[0] + POST])

        feeder = threading.Thread(target=feed, daemon=True)
        feeder.start()
        while fleet.stored() < options.warm:
            time.sleep(0.5)
        print("| second | sent/s | stored/s | behind | load |\n|---|---|---|---|---|", flush=True)
        base, before, was = time.monotonic(), fleet.stored(), sent[0]
        for second in range(-10, options.after + 1):
            time.sleep(max(0, base + second + 11 - time.monotonic()))
            stored, now = fleet.stored(), sent[0]
            print(f"| {second} | {now - was} | {stored - before} | {now - stored} | {os.getloadavg()[0]:.0f} |", flush=True)
            before, was = stored, now
            if second == 0:
                fleet.replicas[0].process.kill()
        stop.set()
        feeder.join()
        for _ in range(120):
            if fleet.stored() == sent[0]:
                break
            time.sleep(1)
        print(f"sent {sent[0]}, stored {fleet.stored()}")
    finally:
        fleet.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["scale", "kill"])
    parser.add_argument("--program", default=str(ROOT / "RiskEngine/RiskEngine.Host/bin/Release/net10.0/riskengine.dll"))
    parser.add_argument("--library", default=str(ROOT / ".local/librdkafka/librdkafka.so.1"))
    parser.add_argument("--share", type=float, default=0.25, help="cores that each engine gets (scale)")
    parser.add_argument("--seconds", type=float, default=20, help="how long it is measured (scale)")
    parser.add_argument("--warm", type=int, default=30_000, help="events before: of each engine (scale), of all (kill)")
    parser.add_argument("--events", type=int, default=250_000)
    parser.add_argument("--subjects", type=int, default=200_000)
    parser.add_argument("--rate", type=int, default=1500, help="events a second (kill)")
    parser.add_argument("--after", type=int, default=30, help="seconds after the kill")
    parser.add_argument("--session-timeout", default="6s")
    parser.add_argument("--engines", default="1,2,3", help="numbers of engines (scale)")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    folder = tempfile.mkdtemp(prefix="riskengine-servers-")
    servers = Servers(folder)
    try:
        if options.what == "kill":
            return kill(servers, options)
        print("| engines | events/s | cores used | processor time per event, µs | of PostgreSQL and Redis, µs | conflicts in all | left | load |\n|---|---|---|---|---|---|---|---|", flush=True)
        for count in map(int, options.engines.split(",")):
            rate, cores, cpu, store, conflicts, left, load = scale(servers, count, options)
            print(f"| {count} | {rate:.0f} | {cores:.2f} | {cpu:.1f} | {store:.1f} | {conflicts:.0f} | {left} | {load:.0f} |", flush=True)
    finally:
        servers.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
