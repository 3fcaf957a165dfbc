"""`make bench`: what the program promises about speed, measured through the real store, engine, server and window.

Each figure stands beside a baseline of the same run, because machines differ and drift. No test asserts a time: a
person reads the table, and `build/bench.json` keeps it.
"""
