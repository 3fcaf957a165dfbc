"""Bugs that must be caught, each as a change of lines and the seed or test that fails on it.

The first eleven are the classic ones of sync engines, then the weaker designs that lost work in the models of the
protocol, then what this engine's own protections are for. A new one: its lines, then `python -m tools.mutants --hunt`.
"""

from typing import NamedTuple


class Change(NamedTuple):
    """Lines of a file that are there exactly once, and what takes their place."""

    path: str
    before: str
    after: str


class Seed(NamedTuple):
    """A seed of the simulation; `real`: with the real server in place of the model."""

    number: int
    real: bool = False


class Mutant(NamedTuple):
    """A bug. `caught_by`: a seed, or the arguments for pytest."""

    name: str
    changes: tuple[Change, ...]
    caught_by: Seed | str


PLANNER = "sync/client/planner.py"
ENGINE = "sync/client/engine.py"
STEPS = "sync/client/memory_steps.py"
GUARDS = "sync/client/guards.py"
MODEL = "tests/simulation/model_server.py"
DATA = "tests/simulation/model_data.py"
ACCEPT = "sync/server/sync/accept.py"
HTTP = "sync/client/http_connection.py"
CLAIMS = "sync/server/sync/claims.py"
TELL = "sync/server/sync/tell.py"
LOG = "sync/server/storage/log.py"
FILING = "sync/server/sync/filing.py"
BLOBS = "sync/client/blobs.py"
OFFERING = "sync/client/offering.py"

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
                "        reply = self._transport.exchange(asked.request)\n",
                "        from sync.client.steps import Confirm as Done\n\n"
                "        self._store.perform([Done(one.space, one.writer, one.n, 1, 0, 0) for one in asked.waiting])\n"
                "        reply = self._transport.exchange(asked.request)\n",
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
                "if claim.epoch > head.epoch or spaces.tail_at(connection, head.no, claim.seq) != claim.tail:",
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

OURS = (
    Mutant(
        "staged_pages_shown_at_once",
        (Change(PLANNER, "state.visible and (space in staging or not last):", "state.visible and space in staging:"),),
        Seed(1),
    ),
    Mutant(
        "rows_before_offers_are_answered",
        (
            Change(
                PLANNER,
                "if state is not None and state.visible and state.cursor.epoch != epoch:",
                "if state is not None and state.visible and state.cursor.epoch > epoch:",
            ),
        ),
        "tests/unit/client/test_planner.py -k waits_until_what_it_offers_again",
    ),
    Mutant(
        "confirmed_leaves_the_view",
        (Change("sync/client/view.py", "state in {State.WAITING, State.CONFIRMED}", "state is State.WAITING"),),
        Seed(0),
    ),
    Mutant(
        "missing_never_offered_again",
        (Change(STEPS, "_OF_A_RECORD = {Refusal.MISSING, Refusal.DELETED}", "_OF_A_RECORD: set[Refusal] = set()"),),
        Seed(2),
    ),
    Mutant(
        "forgets_what_no_backup_has",
        (Change(STEPS, "(is_old and is_safe)", "is_old"),),
        Seed(7),
    ),
    Mutant(
        "never_forgets",
        (Change(ENGINE, "            run.changes |= self._forget()\n", "            pass\n"),),
        Seed(0),
    ),
    Mutant(
        "fork_keeps_its_answer",
        (
            Change(
                STEPS,
                "entry._replace(writer=step.writer, mutation=named, place=NOWHERE, pulled=False)",
                "entry._replace(writer=step.writer, mutation=named)",
            ),
        ),
        Seed(53),
    ),
    Mutant(
        "answers_of_a_lost_space_count",
        (
            Change(
                PLANNER,
                "if state is not None and state.lost and answer.space not in begun:",
                "if state is None and not known:",
            ),
        ),
        Seed(47),
    ),
    Mutant(
        "written_only_spaces_stay",
        (Change(PLANNER, "    if sent.whole and not reply.more:\n", "    if sent.whole and reply.more:\n"),),
        Seed(320),
    ),
    Mutant(
        "half_told_waits_for_ever",
        (Change(PLANNER, "    if not sent.whole or reply.more:\n", "    if sent.whole or reply.more:\n"),),
        "tests/unit/client/test_planner.py -k has_no_more_of_is_compared",
    ),
    Mutant(
        "newer_overtakes_older",
        (
            Change(
                "sync/client/memory_store.py",
                "is not State.WAITING or record in behind:\n",
                "is not State.WAITING or record in behind or (found and entry.writer != found[0].writer):\n",
            ),
        ),
        "tests/contract/test_memory_store.py",
    ),
    Mutant(
        "fork_stops_what_came_before",
        (
            Change(
                ACCEPT,
                "    forked = False\n",
                "    forked = any(entry.n in done and done[entry.n].hash != entry.hash for entry in entries)\n",
            ),
        ),
        "tests/integration/server/test_push.py -k before_a_fork",
    ),
    Mutant(
        "any_server_is_ours",
        (Change(GUARDS, "    if reply.server != server:\n", "    if not reply.server:\n"),),
        "tests/unit/client/test_engine.py -k another_server",
    ),
    Mutant(
        "any_page_is_an_answer",
        (Change(HTTP, "raise CaptivePortal(", "raise AnswerCut("),),
        "tests/unit/client/test_http.py",
    ),
    Mutant(
        "redirects_are_followed",
        (
            Change(
                HTTP,
                "return session.send(prepared, stream=True, allow_redirects=False",
                "return session.send(prepared, stream=True, allow_redirects=True",
            ),
        ),
        "tests/unit/client/test_http.py",
    ),
    Mutant(
        "messages_without_a_checksum",
        (Change("sync/protocol/wire.py", "write_checksum=True", "write_checksum=False"),),
        "tests/unit/protocol/test_wire.py -k flipped_bit",
    ),
    Mutant(
        "poison_stops_everything",
        (Change(ENGINE, "        if len(waiting) > 1:\n", "        if len(waiting) >= 1:\n"),),
        "tests/unit/client/test_engine.py -k poison",
    ),
)

CERTIFICATES = (
    Mutant(
        "the_signature_is_not_checked",
        (
            Change(
                "sync/reports/codes.py",
                "    except InvalidSignature:\n        return False\n",
                "    except InvalidSignature:\n        pass\n",
            ),
        ),
        "tests/unit/reports/test_checking.py -k forged",
    ),
    Mutant(
        "the_seal_is_not_checked",
        (
            Change(
                "sync/reports/seals.py",
                "    except InvalidSignature:\n        return False\n",
                "    except InvalidSignature:\n        pass\n",
            ),
        ),
        "tests/unit/reports/test_checking.py -k pasted",
    ),
    Mutant(
        "awarded_although_an_exercise_is_not_accepted",
        (
            Change(
                "sync/domain/certificates.py",
                "if each.verdict is Verdict.ACCEPTED}",
                "if each.verdict is not Verdict.NONE}",
            ),
        ),
        "tests/integration/server/test_awarding.py -k missing",
    ),
    Mutant(
        "a_certificate_for_every_push",
        (Change("sync/server/issuing/awarding.py", "    if log.get(id_) is not None:\n        return False\n", ""),),
        "tests/integration/server/test_awarding.py -k two_pushes",
    ),
)

FILES_AND_REVIEWS = (
    Mutant(
        "any_bytes_under_a_name",
        (Change(FILING, "    if incoming.settle() != sha256:\n", "    if not incoming.settle():\n"),),
        "tests/integration/server/test_files.py -k not_those_of_the_name",
    ),
    Mutant(
        "naming_a_file_gives_the_right_to_it",
        (
            Change(
                FILING,
                "        stored = readable(connection, person_no, attachment.sha256)\n",
                "        known = select(file.c.sha256, file.c.size).where(file.c.sha256 == attachment.sha256)\n"
                "        stored = connection.execute(known).one_or_none()\n",
            ),
        ),
        "tests/integration/server/test_files.py -k gives_no_right",
    ),
    Mutant(
        "files_for_who_knows_their_name",
        (
            Change(
                FILING,
                "        stored = readable(connection, person_no, sha256)\n    if stored",
                "        known = select(file.c.sha256, file.c.size).where(file.c.sha256 == sha256)\n"
                "        row = connection.execute(known).one_or_none()\n"
                "        stored = None if row is None else Stored(*row)\n"
                "    if stored",
            ),
        ),
        "tests/security/server/test_permission_matrix.py -k a_file_is_read_by",
    ),
    Mutant(
        "drafts_are_returned",
        (Change("sync/server/sync/returning.py", "review.verdict is not Verdict.NONE and ", ""),),
        "tests/integration/server/test_returning.py -k a_draft_stays",
    ),
    Mutant(
        "backups_without_files",
        (
            Change(
                "sync/server/storage/backups.py",
                "        if not depot.is_sound(sha256, size):\n",
                "        if not size:\n",
            ),
        ),
        "tests/integration/server/test_files.py -k damaged_or_missing",
    ),
    Mutant(
        "files_stay_readable_after_an_edit",
        (
            Change(
                "sync/server/storage/namings.py",
                '    cursor.executemany("DELETE FROM naming WHERE space_no = ? AND record = ?", '
                "[(space_no, id_) for id_, _ in found])\n",
                "",
            ),
            Change("sync/server/storage/namings.py", '"INSERT INTO naming', '"INSERT OR IGNORE INTO naming'),
        ),
        "tests/integration/server/test_files.py -k no_record_names_any_more",
    ),
)

TOGETHER = (
    Mutant(
        "revisions_not_shown",
        (
            Change(
                "spoc_desktop/services/revisions.py",
                "    return person in (revision.author, revision.by) and",
                "    return person not in (revision.author, revision.by) and",
            ),
        ),
        "tests/unit/services/test_revisions.py -k both_sides",
    ),
    Mutant(
        "overtaken_unseen_by_author",
        (
            Change(
                "spoc_desktop/services/revisions.py",
                "    return person in (revision.author, revision.by) and",
                "    return person == revision.by and",
            ),
        ),
        "tests/unit/services/test_revisions.py -k nobody_else",
    ),
    Mutant(
        "settling_one_hides_another",
        (
            Change(
                "spoc_desktop/services/revisions.py",
                "for seen in found if seen.id not in mine)",
                "for seen in found if not mine)",
            ),
        ),
        "tests/unit/services/test_revisions.py -k leaves_another",
    ),
    Mutant(
        "unsent_text_goes_with_the_program",
        (
            Change(
                "spoc_desktop/services/unsent.py",
                "    return desk.store.write([_unsent_change(desk, wanted)])\n\n\ndef emptied",
                "    return NOTHING\n\n\ndef emptied",
            ),
        ),
        "tests/unit/services/test_forum.py -k killed",
    ),
)

PACKAGES = (
    Mutant(
        "package_names_not_looked_at",
        (
            Change(
                "spoc_desktop/interchange/package_directory.py",
                "if not is_plain(info.orig_filename) or info.filename != info.orig_filename:",
                "if not info.filename:",
            ),
        ),
        "tests/security/imports/test_packages.py -k leads_out",
    ),
    Mutant(
        "package_directory_believed",
        (
            Change(
                "spoc_desktop/interchange/package_directory.py",
                "if count > MAX_PACKAGE_ENTRIES or length > _MAX_DIRECTORY:",
                "if count > MAX_PACKAGE_ENTRIES:",
            ),
        ),
        "tests/security/imports/test_packages.py -k million",
    ),
    Mutant(
        "entries_may_share_bytes",
        (Change("spoc_desktop/interchange/package_directory.py", "if info.header_offset < end:", "if not found:"),),
        "tests/security/imports/test_packages.py -k share_bytes",
    ),
    Mutant(
        "ids_of_another_course_taken_over",
        (
            Change(
                "spoc_desktop/services/authoring.py",
                "if self._desk.store.one(kind, id_) is not None:",
                "if self._desk.store.one(kind, id_, space) is not None:",
            ),
        ),
        "tests/unit/services/test_authoring_files.py -k claims",
    ),
    Mutant(
        "pictures_decoded_whatever_their_size",
        (Change("spoc_desktop/interchange/media.py", "elif picture.too_large:", "elif not picture.width:"),),
        "tests/security/imports/test_media.py -k harmful",
    ),
    Mutant(
        "html_attributes_of_every_tag",
        (Change("sync/content/html.py", '{"*": set(), "a"', '{"a"'),),
        "tests/security/imports/test_foreign_text.py -k cleaning",
    ),
)

FILES_AND_UNDO = (
    Mutant(
        "download_seen_before_its_hash",
        (
            Change(
                BLOBS,
                "        if sha256(content).digest() != file.sha256:\n            raise FileDamaged",
                "        if not content:\n            raise FileDamaged",
            ),
        ),
        Seed(0),
    ),
    Mutant(
        "record_before_its_file",
        (Change(ENGINE, "        while waiting and self._blobs is not None:\n", "        while False:\n"),),
        "tests/unit/client/test_blobs.py -k before_the_record",
    ),
    Mutant(
        "lost_file_refuses_its_record",
        (Change(BLOBS, "                again.add(entry.n)\n", ""),),
        "tests/unit/client/test_blobs.py -k lost_a_file",
    ),
    Mutant(
        "a_file_that_fails_stops_records",
        (Change(ENGINE, "except (SyncError, Stopped) as error:", "except Stopped as error:"),),
        "tests/unit/client/test_blobs.py -k stops_no_record",
    ),
    Mutant(
        "lost_space_keeps_its_files",
        (
            Change(
                STEPS,
                "for name, content in files.here.items() if name in told or name in kept",
                "for name, content in files.here.items()",
            ),
        ),
        Seed(0),
    ),
    Mutant(
        "confirmed_change_forgets_its_file",
        (
            Change(
                STEPS,
                "for entry in self.entries.values() for file",
                "for entry in self.entries.values() if entry.state is not State.CONFIRMED or not entry.pulled for file",
            ),
        ),
        Seed(15),
    ),
    Mutant(
        "offered_entry_is_changed",
        (Change(OFFERING, "max([self._highest, *own])", "max([self._highest, *own[:-1]])"),),
        Seed(0),
    ),
    Mutant(
        "held_entry_leaves_early",
        (
            Change(
                OFFERING,
                "            return {name for hold in self._holds.values() for name in hold.names}",
                "            return set()",
            ),
        ),
        Seed(1),
    ),
    Mutant(
        "what_joins_loses_the_older_words",
        (Change(OFFERING, "changes={**older.changes, **newer.changes}", "changes=newer.changes"),),
        Seed(2),
    ),
)

KNOWN = CLASSIC + RESTORES + OURS + CERTIFICATES + FILES_AND_UNDO + FILES_AND_REVIEWS + TOGETHER + PACKAGES
