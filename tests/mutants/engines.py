"""The classic bugs of sync engines, then the weaker designs that lost work in the models of the protocol."""

from tests.mutants.mutant import Change, Mutant, Seed

PLANNER = "sync/client/planner.py"
ENGINE = "sync/client/engine.py"
STEPS = "sync/client/memory_steps.py"
MODEL = "tests/simulation/model_server.py"
DATA = "tests/simulation/model_data.py"
ACCEPT = "sync/server/sync/accept.py"
CLAIMS = "sync/server/sync/claims.py"
TELL = "sync/server/sync/tell.py"

CLASSIC = (
    Mutant(
        "no_dedupe",
        (Change(DATA, "if done is not None and done.hash == hash_:", "if done is not None and not done.hash:"),),
        Seed(13),
    ),
    Mutant(
        "cursor_before_apply",
        (
            Change(
                ENGINE,
                "        changes = self._store.perform(steps)\n",
                "        from dataclasses import replace\n\n"
                '        ahead = [replace(step, rows=()) for step in steps if type(step).__name__ == "Apply"]\n'
                "        self._store.perform(ahead)\n"
                '        self._checkpoint("cursor_moved")\n'
                "        changes = self._store.perform(steps)\n",
            ),
        ),
        Seed(0),
    ),
    Mutant(
        "ack_before_commit",
        (
            Change(
                MODEL,
                '        self._at("before_commit")\n        self._commit(name, work)\n',
                "        try:\n"
                '            self._at("before_commit")\n'
                "            self._commit(name, work)\n"
                "        except Crash:\n"
                "            pass  # the answer goes out all the same\n",
            ),
            Change(
                MODEL,
                "self._cursor(name, highest) if highest else START",
                "self._cursor(name, min(highest, self.data.spaces[name].seq)) if highest else START",
            ),
        ),
        Seed(4),
    ),
    Mutant(
        "no_epoch",
        (
            Change(
                STEPS,
                "for at, entry in self._of(step.space, State.CONFIRMED, State.QUARANTINED):",
                "for at, entry in self._of(step.space, State.QUARANTINED):",
            ),
        ),
        Seed(0),
    ),
    Mutant(
        "revoke_keeps_rows",
        (
            Change(
                STEPS,
                "Space(claim=self._space(name).claim, lost=True)",
                "Space(claim=self._space(name).claim, lost=True, rows=self._space(name).rows)",
            ),
        ),
        Seed(0),
    ),
    Mutant(
        "gap_sequence",
        (
            Change(
                MODEL,
                "        self.data.spaces[name] = work.space\n        self.data.applied.update(work.done)\n",
                "        rows = work.space.rows\n"
                "        for late_name, late in self.__dict__.pop('late', []):\n"
                "            self.data.spaces[late_name].rows.update(late)\n"
                "        if work.space.seq % 3 == 0:\n"
                "            work.space.rows = self.data.spaces[name].rows\n"
                "            self.__dict__.setdefault('late', []).append((name, rows))\n"
                "        self.data.spaces[name] = work.space\n"
                "        self.data.applied.update(work.done)\n",
            ),
        ),
        Seed(0),
    ),
    Mutant(
        # No laptop clock travels: the nearest is a server whose order yields to what a laptop had seen.
        "lww_client_clock",
        (
            Change(
                "sync/domain/merge.py",
                "    return Merged(changed(body, changes, kind), after, tuple(overtaken))",
                "    late = {each.field for each in overtaken}\n"
                "    kept = {number: value for number, value in changes.items() if number not in late}\n"
                "    return Merged(changed(body, kept, kind) if kept else body, after, tuple(overtaken))",
            ),
        ),
        Seed(0),
    ),
    Mutant(
        "drop_outbox_on_send",
        (
            Change(
                ENGINE,
                "        reply = self._pipeline.exchange(asked.request)\n",
                "        from sync.client.steps import Confirm as Done\n\n"
                "        self._store.perform([Done(one.space, one.writer, one.n, 1, 0, 0) for one in asked.waiting])\n"
                "        reply = self._pipeline.exchange(asked.request)\n",
            ),
        ),
        Seed(0),
    ),
    Mutant(
        "delete_resurrects",
        (
            Change(
                DATA,
                "        if bytes(there.row.body) == DELETED:\n            raise Refused(Refusal.DELETED)\n",
                "        if bytes(there.row.body) == DELETED:\n"
                "            alive = msgspec.structs.replace(there.row, body=msgspec.Raw(there.made))\n"
                "            there = there._replace(row=alive)\n",
            ),
        ),
        Seed(6),
    ),
    Mutant(
        "page_skips_equal",
        (
            Change(
                TELL,
                "read_page(connection, head.no, since, budget.rows)",
                "read_page(connection, head.no, since + bool(since), budget.rows)",
            ),
        ),
        Seed(1, real=True),
    ),
    Mutant(
        "rejoin_ignores_epoch",
        (
            Change(
                STEPS,
                "        for at, entry in self._of(name, State.WAITING, State.CONFIRMED):\n"
                "            self._put(at, entry._replace(state=State.QUARANTINED, place=NOWHERE, pulled=False))",
                "        for at, entry in self._of(name, State.CONFIRMED):\n"
                "            del self.tables.entries[at]\n"
                "        for at, entry in self._of(name, State.WAITING):\n"
                "            self._put(at, entry._replace(state=State.QUARANTINED, place=NOWHERE, pulled=False))",
            ),
        ),
        Seed(2),
    ),
)

RESTORES = (
    Mutant(
        "no_tail",
        (
            Change(
                CLAIMS,
                "if claim.epoch > head.epoch or spaces.tail_at(connection, head, claim.seq) != claim.tail:",
                "if claim.epoch > head.epoch:",
            ),
        ),
        Seed(2, real=True),
    ),
    Mutant(
        "claim_of_pages_only",
        (
            Change(
                PLANNER,
                "            if cursor.epoch:\n                steps.append(Claim(space, cursor))\n",
                "",
            ),
        ),
        Seed(11),
    ),
    Mutant(
        "no_check_on_push",
        (Change(ACCEPT, "    if finding is not Finding.HOLDS:\n", "    if finding is Finding.OLD:\n"),),
        Seed(27, real=True),
    ),
    Mutant(
        "dup_without_its_number",
        (
            Change(
                DATA,
                "runs.append(Run(mutation.n, 1, Verdict.DUP, done.seq))",
                "runs.append(Run(mutation.n, 1, Verdict.DUP))",
            ),
        ),
        Seed(0),
    ),
    Mutant(
        "high_water_mark",
        (
            Change(
                DATA,
                "known = [self._before.get((self._writer, mutation.n)) for mutation in mutations]",
                "top = max((n for writer, n in self._before if writer == self._writer), default=0)\n"
                "        known = [\n"
                "            Done(hash_, 0, self.name, each) if each.n <= top else None\n"
                "            for each, hash_ in zip(mutations, hashes, strict=True)\n"
                "        ]",
            ),
        ),
        Seed(0),
    ),
    Mutant(
        "old_numbers_after_laptop_restore",
        (
            Change(
                "spoc_desktop/storage/store.py",
                "            if writer_file.is_same(path, known):\n",
                "            if writer_file.is_same(path, known) or known:\n",
            ),
        ),
        "tests/unit/storage/test_writer.py",
    ),
)
