"""Small GETs over one kept connection with urllib3.

Takes the port; reads from each line of standard input how many seconds to send for, and prints the requests, the seconds and the
seconds of CPU.
"""

import sys
import time

import urllib3

HEADERS = {"User-Agent": "bench/1.0", "Accept": "*/*", "Accept-Encoding": "identity"}
BODY_LENGTH = 150


def main():
    url = f"http://127.0.0.1:{sys.argv[1]}/small.json"
    pools = urllib3.PoolManager()
    for line in sys.stdin:
        start, cpu, requests = time.perf_counter(), time.process_time(), 0
        end = start + float(line)
        while time.perf_counter() < end:
            response = pools.request("GET", url, headers=HEADERS)
            if response.status != 200 or response.headers["Cache-Control"] != "max-age=60" or len(response.data) != BODY_LENGTH:
                sys.exit("not the response that was asked for")
            requests += 1
        print(requests, time.perf_counter() - start, time.process_time() - cpu, flush=True)


if __name__ == "__main__":
    main()
