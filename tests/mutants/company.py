"""What a company's server keeps: limits, who is let in, mail, logs, figures, keys, backups."""

from tests.mutants.mutant import Change, Mutant

_SERVER = "sync/server/"
_TESTS = "tests/integration/server/"


def _bug(name: str, path: str, before: str, after: str, caught_by: str) -> Mutant:
    return Mutant(name, (Change(_SERVER + path, before, after),), caught_by)


COMPANY = (
    _bug(
        "quota_forgets_what_was_stored",
        "storage/usage.py",
        "        used = used_by(connection, person_no, now)\n",
        "        used = Used(0, 0)\n",
        f"{_TESTS}test_quotas.py -k second_laptop",
    ),
    _bug(
        "no_room_to_delete",
        "sync/accept.py",
        "isinstance(entry.mutation, Delete) or room.take",
        "room.take",
        f"{_TESTS}test_quotas.py -k gives_its_room_back",
    ),
    _bug(
        "days_entries_have_no_bound",
        "storage/usage.py",
        "if self._entries is not None and entries > self._entries:",
        "if False:",
        f"{_TESTS}test_quotas.py -k days_entries",
    ),
    _bug(
        "blocked_people_sign_in",
        "accounts/signing_in.py",
        "        if who.blocked:\n",
        "        if False:\n",
        f"{_TESTS}test_people_commands.py -k blocked_is_out",
    ),
    _bug(
        "removed_laptop_goes_on",
        "administration.py",
        "            tokens.sign_out_device(connection, device)\n",
        "",
        f"{_TESTS}test_people_commands.py -k laptop_that_is_removed",
    ),
    Mutant(
        "old_seals_are_forgotten",
        (
            Change(
                "sync/protocol/digest.py",
                "for start in range(0, len(key), SEAL_KEY)",
                "for start in range(0, SEAL_KEY, SEAL_KEY)",
            ),
        ),
        f"{_TESTS}test_keeping.py -k change_of_the_key",
    ),
    _bug(
        "stolen_seal_key_is_believed",
        "key_changes.py",
        'b"" if forget else secrets.seal',
        "secrets.seal",
        f"{_TESTS}test_keeping.py -k stolen",
    ),
    _bug(
        "newest_backup_is_dropped",
        "storage/rotation.py",
        "sorted(folder.glob(_PATTERN))",
        "sorted(folder.glob(_PATTERN), reverse=True)",
        f"{_TESTS}test_keeping.py -k keeps_the_last",
    ),
    _bug(
        "mail_in_clear",
        "mailing/relay.py",
        "        raise Unsafe(settings.host)\n",
        "        return\n",
        f"{_TESTS}test_mail.py -k without_starttls",
    ),
    _bug(
        "any_relay_is_believed",
        "mailing/relay.py",
        "    context.minimum_version = ssl.TLSVersion.TLSv1_2\n",
        "    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE\n",
        f"{_TESTS}test_mail.py -k vouched_for",
    ),
    _bug(
        "claimed_mail_is_anybodys",
        "mailing/queue.py",
        "due=now + CLAIM_MS",
        "due=now",
        f"{_TESTS}test_mail.py -k killed_process",
    ),
    Mutant(
        "codes_lie_in_the_queue",
        (
            Change(
                _SERVER + "mailing/queue.py",
                "nonce + _key(core).encrypt(nonce, msgspec.json.encode(facts), None)",
                "nonce + msgspec.json.encode(facts)",
            ),
            Change(
                _SERVER + "mailing/queue.py",
                "_key(core).decrypt(content[:_NONCE], content[_NONCE:], None)",
                "content[_NONCE:]",
            ),
        ),
        f"{_TESTS}test_mail.py -k no_code_stands",
    ),
    _bug(
        "log_quotes_errors",
        "logs.py",
        "[type_.__name__]",
        "[repr(found)]",
        f"{_TESTS}test_watching.py -k an_error_quotes",
    ),
    _bug(
        "log_keeps_typed_addresses",
        "web/replies.py",
        "return version.FILES if path.startswith(version.FILES) else OTHER",
        "return path",
        "tests/security/server/test_logs.py",
    ),
    _bug(
        "figures_for_everybody",
        "web/metrics.py",
        "if settings.metrics_open:",
        "if True:",
        f"{_TESTS}test_watching.py -k who_has_the_token",
    ),
    _bug(
        "sign_ins_have_no_rate",
        "web/doorway.py",
        "            self._joins.check(host)\n",
        "            pass\n",
        f"{_TESTS}test_watching.py -k sign_in_too_often",
    ),
    Mutant(
        "what_had_no_room_waits_for_ever",
        (
            Change(
                "spoc_desktop/storage/performing.py",
                "                outbox.offer_what_had_no_room(self._transaction, now)\n",
                "",
            ),
        ),
        "tests/contract/test_local_store.py -k found_no_room",
    ),
    _bug(
        "two_erasures_at_once_lose_one",
        "storage/erasures.py",
        "    with one_at_a_time(data / _LOCK):\n        found = read(data)\n",
        "    if True:\n        found = read(data)\n",
        f"{_TESTS}test_erasing.py -k both_on_the_list",
    ),
    _bug(
        "old_messages_are_kept_for_ever",
        "mailing/queue.py",
        "    core.writer.run(lambda connection: connection.execute(delete(mail).where(*is_over)).rowcount)\n",
        "    is_over = ()\n",
        f"{_TESTS}test_mail.py -k thirty_days_later",
    ),
    _bug(
        "what_waits_is_forgotten_too",
        "mailing/queue.py",
        "mail.c.state.in_([int(State.SENT), int(State.GIVEN_UP)])",
        "mail.c.state >= 0",
        f"{_TESTS}test_mail.py -k thirty_days_later",
    ),
    _bug(
        "one_of_two_cohorts_of_a_title_is_taken",
        "accounts/enrolling.py",
        "    if len(found) > 1:\n",
        "    if len(found) > 9:\n",
        f"{_TESTS}test_people_commands.py -k named_by_its_title",
    ),
    _bug(
        "codes_are_written_before_they_are_good",
        "accounts/importing.py",
        "partial(_do, core, some, default, invited))\n        sheet.add(done.codes)\n",
        "partial(_do, core, some, default, lambda c, w, k: (sheet.add([Code(w, k)]), invited and invited(c, w, k))))\n",
        f"{_TESTS}test_processes.py -k written_once",
    ),
    _bug(
        "what_fails_after_a_reply_is_not_said",
        "core.py",
        "        self._afterwards.submit(_said, work)\n",
        "        self._afterwards.submit(work)\n",
        f"{_TESTS}test_daily.py -k is_said",
    ),
    Mutant(
        "a_days_bound_keeps_news_away",
        (
            Change(
                "sync/client/engine.py",
                "                if not asked.waiting or busy.retry_after < _LONG_S:\n",
                "                if True:\n",
            ),
        ),
        "tests/unit/client/test_engine.py -k keeps_no_news_away",
    ),
)
