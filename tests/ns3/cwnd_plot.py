# SPDX-License-Identifier: MIT
# What ns3_cwnd wrote: the numbers of the plot are those that the program's calls had.
#   python3 cwnd_plot.py NS3_CWND FOLDER
import csv, os, re, shutil, subprocess, sys

program, folder = os.path.abspath(sys.argv[1]), sys.argv[2]
shutil.rmtree(folder, ignore_errors=True)
os.makedirs(folder)
os.chdir(folder)
failures = []


def expect(holds, what):
    if not holds:
        failures.append(what)


def run(*options):
    return subprocess.run([program, *options], capture_output=True, text=True)


def rows(name):
    with open(name, newline="") as file:
        return list(csv.DictReader(file))


def curves(prefix):
    """Points of each data set by its title in the script."""
    with open(prefix + ".dat") as file:
        blocks = file.read().split("\n\n\n")
    with open(prefix + ".plt") as file:
        script = file.read()
    found = {}
    for index, title in re.findall(r'index (\d+) title "([^"]*)"', script):
        lines = blocks[int(index)].strip().splitlines()
        found[title] = [tuple(float(word) for word in line.split()) for line in lines]
    return found, script


def windows_at(curve, time):
    """Those that the curve has at this time: one, or some where it changed just then."""
    before = [y for x, y in curve if x < time - 1e-9]
    return before[-1:] + [y for x, y in curve if abs(x - time) <= 1e-9]


def check(prefix, ops_of):
    plot, script = curves(prefix)
    calls = [row for row in rows(prefix + "-callbacks.csv")]
    for title, ops in ops_of.items():
        told = [(float(row["time_s"]), float(row["cwnd"])) for row in calls if row["op"] in ops]
        drawn = plot.get(title, [])
        same = len(told) == len(drawn) and all(
            abs(a - c) < 1e-9 and b == d for (a, b), (c, d) in zip(told, drawn))
        expect(same, f"{prefix}: {title} has {len(drawn)} marks {drawn[:3]}, the table {len(told)} calls {told[:3]}")
    for time, cwnd in plot["RTT_CB"]:
        expect(any(int(window + 1e-9) == cwnd for window in windows_at(plot["cwnd"], time)),
               f"{prefix}: at {time} the program read cwnd {cwnd}, the curve has {windows_at(plot['cwnd'], time)}")
    return plot, script, calls


kinds = {"RTT_CB": ["RTT_CB"], "RETRANS_CB": ["RETRANS_CB"], "RTO_CB": ["RTO_CB"],
         "STATE_CB, established": ["STATE_CB", "ACTIVE_ESTABLISHED_CB"]}

ran = run("--seconds=9", "--outage=1")
expect(ran.returncode == 0, f"exit status {ran.returncode}: {ran.stdout}{ran.stderr}")
plot, script, calls = check("cwnd", kinds)
expect(len(plot["RTT_CB"]) > 50, "hardly any round trips")
expect(len(plot["RTO_CB"]) >= 2, "no outage: the SYN's and the outage's timeouts are two at least")
first = [row for row in calls if row["op"] == "RTO_CB"][0]
expect((first["time_s"], first["state"]) == ("1.200000000", "SYN_SENT"), f"the SYN again: {first}")
asked = [row for row in calls if row["op"] == "TIMEOUT_INIT"][0]
expect((asked["reply"], asked["answered_by"]) == ("50", "tune"), f"TIMEOUT_INIT: {asked}")
options = rows("cwnd-options.csv")
expect([row["option"] for row in options][:3] == ["TCP_BPF_IW", "TCP_BPF_SNDCWND_CLAMP", "TCP_CONGESTION"], f"{options}")
for option in options:
    said = f"{option['option']} = {option['value']}"
    expect(option["result"] == "0" and said in script, f"no label '{said}' in the script")
expect(max(y for x, y in plot["RTT_CB"]) == 100, "cwnd did not reach the clamp, or went over it")
if shutil.which("gnuplot"):
    with open("cwnd.png", "rb") as file:
        expect(file.read(4) == b"\x89PNG", "cwnd.png is no PNG")
else:
    expect("gnuplot is not installed" in ran.stdout, f"nothing says that there is no picture: {ran.stdout}")

ran = run("--seconds=9", "--program=false", "--prefix=plain")
expect(ran.returncode == 0, f"--program=false: {ran.stdout}{ran.stderr}")
plot, script, calls = check("plain", kinds)
first = [row for row in calls if row["op"] == "RTO_CB"][0]
expect((first["time_s"], first["reply"]) == ("4.000000000", ""), f"ns-3's own SYN timeout: {first}")
expect("set label 'outage'" in script and "TCP_" not in script, "labels of a program that does nothing")
expect(rows("plain-options.csv") == [], "options of a program that does nothing")

ran = run("--prefix=nowhere/run")
expect(ran.returncode != 0 and "nowhere/run-callbacks.csv cannot be written" in ran.stderr, ran.stderr)

print("\n".join(failures[:10]) or "ok")
sys.exit(1 if failures else 0)
