"""What people would use instead, doing the same work on the same file and server: see `python -m benchmarks.others -h`.

Each program is a script of its own, run in an environment of its own (`requirements/`), and so may import from
here only `contacts`, which needs phonenumbers alone.
"""
