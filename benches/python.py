"""The half of the benchmark that runs in Python: LOG CONTOSO ROUNDS ASSESS EVENTS

ASSESS and EVENTS are the seconds that Rust took.
"""

import os
import statistics
import subprocess
import sys
import threading
import time
from datetime import datetime, timezone

AS_OF = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)


def seconds(work):
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def imports(rounds):
    """Milliseconds that `import sspr` takes over bare Python, without bytecode to compile."""
    environment = dict(os.environ)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)

    def run(code):
        return seconds(lambda: subprocess.run([sys.executable, "-c", code], env=environment, check=True))

    run("import sspr")
    times = [(run("pass"), run("import sspr")) for _ in range(rounds)]
    bare, ours = (statistics.median(column) for column in zip(*times))
    print(f"import: {(ours - bare) * 1e3:.1f} ms over bare Python ({bare * 1e3:.1f} ms)")


def main(log, contoso, rounds, rust_assess, rust_events):
    imports(rounds * 2)
    import sspr
    from sspr import directory, events

    def judge():
        sspr.assess(contoso, as_of=AS_OF)

    judge()
    median = statistics.median(seconds(judge) for _ in range(rounds))
    print(f"assess: {median * 1e3:.1f} ms, {(median / rust_assess - 1) * 100:+.1f} % over Rust")

    def two(parallel):
        threads = [threading.Thread(target=lambda: [judge() for _ in range(rounds)]) for _ in range(2)]
        for thread in threads:
            thread.start()
            if not parallel:
                thread.join()
        for thread in threads:
            thread.join()

    one_by_one, together = seconds(lambda: two(False)), seconds(lambda: two(True))
    print(f"two threads: {one_by_one / together:.2f} x as fast as one after the other")

    account = "S-1-5-21-1-2-3-1104"
    others = "".join(f"(A;;RPWP;;;S-1-5-21-1-2-3-{2000 + n})" for n in range(20))
    descriptor = directory.SecurityDescriptor.from_sddl(
        f"O:SYD:{others}(OA;;CR;00299570-246d-11d0-a768-00aa006e0529;;{account})"
    )
    token = directory.Token.exact(account, ["S-1-1-0"])
    checks = 20_000 * rounds

    def check():
        for _ in range(checks):
            directory.check(descriptor, token, "Reset Password")

    print(f"one access check: {seconds(check) / checks * 1e6:.2f} us")

    def count():
        return sum(1 for _ in events.read(log))

    number = count()
    looped = seconds(count)
    print(
        f"{number} events as objects: {looped:.2f} s, "
        f"{(looped - rust_events) / number * 1e6:+.2f} us each over the loop in Rust"
    )

    def fields():
        for event in events.read(log):
            message = event.parse()
            (
                event.time, event.provider, event.id, event.record, event.computer, event.channel,
                event.level, event.keywords, event.text, message.tracking_id, message.person,
                message.token, message.code, events.cause(event),
            )  # fmt: skip

    read = seconds(fields)
    print(f"all their fields: {read:.2f} s")
    try:
        import pyarrow
    except ImportError:
        print("a table: not measured, pyarrow is not there")
        return
    table = seconds(lambda: pyarrow.table(events.read(log)))
    print(f"a table: {table:.2f} s, {read / table:.1f} x as fast as reading all fields")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]), float(sys.argv[5]))
