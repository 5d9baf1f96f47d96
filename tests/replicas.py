#!/usr/bin/env python3
"""What replicas bring: one, two and three programs on one shared store, each held to a share of a core.

Needs Linux with the cpu controller of cgroup v1 or v2 and the right to make groups, Debian's postgresql and redis-server, and the built program
(dotnet build RiskEngine/RiskEngine.Host -c Release). Starts servers of its own on loopback, PostgreSQL with fsync, and prints a table. Events are made
here: every subject with a home, some travel, some failures, a thousand of event time a second, so that hours pass as they do in life.
"""
import argparse, glob, http.client, json, os, pathlib, queue, random, shutil, signal, subprocess, sys, tempfile, threading, time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PARTITIONS, POST, TICK = 12, 100, os.sysconf("SC_CLK_TCK")


def free_port():
    import socket
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Group:
    """A group of processes that gets no more than a share of a core."""

    def __init__(self, name):
        one, two = pathlib.Path("/sys/fs/cgroup/cpu"), pathlib.Path("/sys/fs/cgroup")
        self.old = one.is_dir()
        self.path = (one if self.old else two) / f"riskengine-{os.getpid()}-{name}"
        self.path.mkdir()

    def add(self, pid):
        (self.path / "cgroup.procs").write_text(str(pid))

    def hold(self, share):
        period = 20_000
        quota = int(share * period)
        if self.old:
            (self.path / "cpu.cfs_period_us").write_text(str(period))
            (self.path / "cpu.cfs_quota_us").write_text(str(quota))
        else:
            (self.path / "cpu.max").write_text(f"{quota} {period}")

    def remove(self):
        for _ in range(50):
            try:
                return self.path.rmdir()
            except OSError:
                time.sleep(0.1)


class Servers:
    """PostgreSQL and Redis."""

    def __init__(self, folder):
        self.folder, self.port, self.redis_port = folder, free_port(), free_port()
        binaries = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]
        root = os.geteuid() == 0
        as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] if root else []
        os.chmod(folder, 0o755)
        data = f"{folder}/pg"
        os.mkdir(data)
        if root:
            shutil.chown(data, "postgres")
        subprocess.run([*as_user, f"{binaries}/initdb", "-D", data, "-U", "riskengine", "-A", "trust", "-E", "UTF8", "--locale=C"], check=True, stdout=subprocess.DEVNULL)
        self.postgres = subprocess.Popen(
            [*as_user, f"{binaries}/postgres", "-D", data, "-p", str(self.port), "-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={data}"], stderr=subprocess.DEVNULL)
        self.redis = subprocess.Popen(
            ["redis-server", "--port", str(self.redis_port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder], stdout=subprocess.DEVNULL)
        for _ in range(300):
            if self.sql("SELECT 1", check=False) == 0:
                break
            time.sleep(0.1)

    def sql(self, text, database="postgres", check=True):
        return subprocess.run(["psql", "-X", "-q", "-h", "127.0.0.1", "-p", str(self.port), "-U", "riskengine", "-d", database, "-c", text], check=check, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode

    def seconds(self):
        children = pathlib.Path(f"/proc/{self.postgres.pid}/task/{self.postgres.pid}/children").read_text().split()
        return sum(seconds(pid) for pid in children if os.path.exists(f"/proc/{pid}/stat")) + seconds(self.redis.pid)

    def stop(self):
        self.postgres.send_signal(signal.SIGINT)
        self.redis.terminate()
        self.postgres.wait()


def seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


class Replica:
    def __init__(self, program, folder, number, roles="all"):
        self.group = Group(str(number))
        self.port = free_port()
        self.folder = folder
        environment = {**os.environ, "RISKENGINE__HTTP__URL": f"http://127.0.0.1:{self.port}"}
        self.process = subprocess.Popen(["dotnet", program, "serve", "--roles", roles], cwd=folder, env=environment, stdout=open(f"{folder}/log{number}", "w"), stderr=subprocess.STDOUT)
        self.group.add(self.process.pid)
        for _ in range(600):
            try:
                if self.get("/health/ready")[0] == 200:
                    return
            except OSError:
                pass
            time.sleep(0.1)
        raise SystemExit(f"no replica: {open(f'{folder}/log{number}').read()[-2000:]}")

    def get(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()

    def counter(self, name, label=""):
        return sum(float(line.rsplit(" ", 1)[1]) for line in self.get("/metrics")[1].splitlines() if line.startswith((name + "{", name + " ")) and label in line)

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.group.remove()


def make_events(count, subjects, seed):
    """Posts of NDJSON by partition."""
    chance, start = random.Random(seed), time.time() - 7200
    lines = [[] for _ in range(PARTITIONS)]
    for i in range(count):
        subject = chance.randrange(subjects)
        home = subject * 2654435761 % 60_000
        address = home if chance.random() < 0.9 else chance.randrange(60_000)
        at = start + i / 1000
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at)) + f".{int(at * 1000) % 1000:03d}Z"
        lines[subject % PARTITIONS].append(json.dumps({
            "id": f"e{i}", "occurred_at": stamp, "kind": "login" if chance.random() < 0.95 else "login_failed", "subject": {"id": str(subject), "name": f"user{subject}"},
            "source_ip": f"198.{18 + (address >> 15)}.{address >> 8 & 127}.{address & 255}", "user_agent": f"Mozilla/5.0 (X11; Linux x86_64; rv:{100 + subject % 30}.0) Firefox/{100 + subject % 30}.0",
            "application": "portal", "asn": {"number": 64500 + address % 40}}))
    return lines


def run(servers, count, spread, options):
    database = f"replicas{count}{spread}{time.time_ns() % 100000}"
    servers.sql(f"CREATE DATABASE {database}")
    folder = tempfile.mkdtemp(prefix="riskengine-replicas-")
    pathlib.Path(folder, "riskengine.yaml").write_text(
        f'store: {{ kind: shared }}\npostgres: {{ connection_string: "Host=127.0.0.1;Port={servers.port};Username=riskengine;Database={database}" }}\nredis: {{ endpoints: ["127.0.0.1:{servers.redis_port}"] }}\n')
    replicas = []
    try:
        for number in range(count):
            replicas.append(Replica(options.program, folder, number))
        return measure(servers, replicas, folder, spread, options)
    finally:
        for replica in replicas:
            replica.stop()
        shutil.rmtree(folder)


def measure(servers, replicas, folder, spread, options):
    count = len(replicas)
    key = pathlib.Path(folder, "admin.key").read_text().strip()
    lines = make_events(options.events, options.subjects, 7)
    posts = [queue.SimpleQueue() for _ in range(count)]
    if spread == "random":
        everything = [line for part in lines for line in part]
        random.Random(8).shuffle(everything)
        everything.sort(key=lambda line: int(line[9:line.index('"', 9)]) // 5000)
        shared = queue.SimpleQueue()
        for at in range(0, len(everything), POST):
            shared.put("\n".join(everything[at:at + POST]))
        posts = [shared] * count
    else:
        for at in range(0, max(map(len, lines)), POST):
            for number, part in enumerate(lines):
                if part[at:at + POST]:
                    posts[number % count].put("\n".join(part[at:at + POST]))
    accepted, stop = [0] * count, threading.Event()

    def post(number):
        connection = http.client.HTTPConnection("127.0.0.1", replicas[number].port, timeout=120)
        while not stop.is_set():
            try:
                body = posts[number].get_nowait()
            except queue.Empty:
                raise SystemExit("the events came to an end: give more of them (--events)")
            connection.request("POST", "/api/v1/events", body, {"Content-Type": "application/x-ndjson", "Authorization": f"Bearer {key}"})
            answer = connection.getresponse()
            told = json.loads(answer.read())
            if answer.status != 202:
                raise SystemExit(told)
            accepted[number] += told["accepted"]

    clients = [threading.Thread(target=post, args=(number,), daemon=True) for number in range(count) for _ in range(options.clients)]
    for client in clients:
        client.start()
    while min(accepted) < options.warm:
        time.sleep(0.2)
    for replica in replicas:
        replica.group.hold(options.share)
    time.sleep(2)

    def figures():
        return time.monotonic(), sum(accepted), sum(seconds(replica.process.pid) for replica in replicas), servers.seconds(), sum(replica.counter("riskengine_store_conflicts_total") for replica in replicas), sum(replica.counter("riskengine_store_operation_duration_seconds_count", "commit") for replica in replicas)

    before = figures()
    time.sleep(options.seconds)
    after = figures()
    stop.set()
    for client in clients:
        client.join(10)
    elapsed, events, cpu, store, conflicts, units = (b - a for a, b in zip(before, after))
    return events / elapsed, cpu / elapsed, 1e6 * cpu / events, 1e6 * store / events, events / units, conflicts / elapsed, os.getloadavg()[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=str(ROOT / "RiskEngine/RiskEngine.Host/bin/Release/net10.0/riskengine.dll"))
    parser.add_argument("--share", type=float, default=0.25, help="cores that each replica gets")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--warm", type=int, default=40_000, help="events of each replica before, without that limit")
    parser.add_argument("--events", type=int, default=600_000)
    parser.add_argument("--subjects", type=int, default=200_000)
    parser.add_argument("--clients", type=int, default=3, help="for each replica")
    parser.add_argument("--cases", default="1 partition,2 partition,3 partition,2 random,3 random,1 partition")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    folder = tempfile.mkdtemp(prefix="riskengine-servers-")
    servers = Servers(folder)
    print("| replicas | subjects | events/s | cores used | processor time per event, µs | of PostgreSQL and Redis, µs | events in a unit | conflicts/s | load |\n|---|---|---|---|---|---|---|---|---|", flush=True)
    try:
        for case in options.cases.split(","):
            count, spread = case.split()
            rate, cores, cpu, store, unit, conflicts, load = run(servers, int(count), spread, options)
            print(f"| {count} | by {spread} | {rate:.0f} | {cores:.2f} | {cpu:.0f} | {store:.0f} | {unit:.0f} | {conflicts:.2f} | {load:.0f} |", flush=True)
    finally:
        servers.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
