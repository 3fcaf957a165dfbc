"""Protections of logins, of what may be sent and taken, and of what lies on a disk, each taken away."""

from tests.mutants.mutant import Change, Mutant

_TOKENS = "sync/server/accounts/tokens.py"
_SIGNING_IN = "tests/integration/server/test_signing_in.py"
_CONNECTION = "sync/client/http_connection.py"
_POOL = "super().init_poolmanager(*arguments, ssl_context=context, **options)"
_LINE = "tests/unit/client/test_http.py"
_WIRE = "sync/protocol/wire.py"
_EXCHANGE = "sync/server/sync/exchange.py"
_CLAIMS = "sync/server/sync/claims.py"
_GUARDS = "sync/client/guards.py"
_ENGINE = "tests/unit/client/test_engine.py"
_RETRY = "spoc_desktop/services/retry.py"
_SYNCING = "tests/unit/services/test_syncing.py"
_SETTINGS = "sync/server/settings.py"
_SECRETS = "tests/security/server/test_secrets.py"
_BACKUPS = "sync/server/storage/backups.py"
_BACKED = "tests/integration/server/test_backup_and_commands.py"

LOGINS = (
    Mutant(
        "a_stolen_refresh_token_is_taken_for_a_lost_answer",
        (Change(_TOKENS, "if found.replaced and _was_seen(connection, found):", "if found.replaced and False:"),),
        f"{_SIGNING_IN} -k presented_twice",
    ),
    Mutant(
        "only_a_refreshed_child_shows_a_theft",
        (Change(_TOKENS, "or_(token.c.seen, token.c.replaced)", "token.c.replaced"),),
        f"{_SIGNING_IN} -k presented_twice",
    ),
    Mutant(
        "an_invitation_lets_two_in",
        (
            Change(
                "sync/server/accounts/invitations.py",
                "    if taken.rowcount != 1:\n        raise InvitationUsed\n",
                "",
            ),
        ),
        f"{_SIGNING_IN} -k typed_at_the_same_moment",
    ),
    Mutant(
        "a_used_invitation_is_still_good",
        (
            Change("sync/server/accounts/invitations.py", "    if found.used:\n        raise InvitationUsed\n", ""),
            Change("sync/server/accounts/invitations.py", ", invitation.c.used.is_(False))", ")"),
        ),
        f"{_SIGNING_IN} -k used_an_expired",
    ),
    Mutant(
        "any_certificate_is_believed",
        (
            Change(
                _CONNECTION, _POOL, _POOL.replace("context,", 'context, cert_reqs="CERT_NONE", assert_hostname=False,')
            ),
        ),
        f"{_LINE} -k nobody_vouches_for",
    ),
    Mutant(
        "a_certificate_of_another_host_is_believed",
        (Change(_CONNECTION, _POOL, _POOL.replace("context,", "context, assert_hostname=False,")),),
        f"{_LINE} -k of_another_host",
    ),
    Mutant(
        "tokens_leave_over_plain_http",
        (Change(_CONNECTION, 'parts.scheme == "http" and is_loopback(parts.hostname)', 'parts.scheme == "http"'),),
        f"{_LINE} -k never_sent_where",
    ),
)

BOUNDS = (
    Mutant(
        "a_text_of_any_size_is_saved",
        (
            Change(
                "spoc_desktop/storage/writing.py",
                "    if len(body) > MAX_BODY:\n        raise errors.TooLargeToSave(len(body), MAX_BODY)\n",
                "    del body\n",
            ),
        ),
        "tests/unit/storage/test_writing.py -k 64_kib",
    ),
    Mutant(
        "a_body_of_any_size_is_taken",
        (
            Change(
                "sync/server/sync/entries.py",
                "    if len(body) > MAX_BODY:\n        raise Refused(Refusal.TOO_LARGE)\n",
                "",
            ),
        ),
        "tests/integration/server/test_push.py -k lacks",
    ),
    Mutant(
        "bombs_are_unpacked",
        (
            Change(_WIRE, "raw = reader.read(most + 1)", "raw = reader.read()"),
            Change(
                _WIRE,
                '    if len(raw) > most:\n        raise Damaged(f"more than {most} bytes when unpacked")\n',
                "",
            ),
        ),
        "tests/unit/protocol/test_wire.py -k bomb",
    ),
    Mutant(
        "a_frame_takes_the_window_it_asks_for",
        (Change(_WIRE, "_WINDOW_LOG_MAX = 23", "_WINDOW_LOG_MAX = 31"),),
        "tests/unit/protocol/test_wire.py -k huge_window",
    ),
    Mutant(
        "a_request_of_any_number_of_entries",
        (Change(_EXCHANGE, "for batch in request.batches) > MAX_PUSH_ROWS", "for batch in request.batches) < 0"),),
        "tests/integration/server/test_push.py -k more_rows",
    ),
    Mutant(
        "a_request_of_any_number_of_spaces",
        (Change(_EXCHANGE, "len(request.safe_of)) > MAX_SPACES", "len(request.safe_of)) < 0"),),
        "tests/integration/server/test_pull.py -k more_spaces",
    ),
    Mutant(
        "only_standings_are_counted",
        (
            Change(
                _EXCHANGE,
                "max(len(request.standings), len(request.batches), len(request.safe_of))",
                "len(request.standings)",
            ),
        ),
        "tests/integration/server/test_pull.py -k more_spaces",
    ),
    Mutant(
        "heads_of_any_length",
        (Change("sync/server/web/protocol.py", "MAX_HEAD = 32 * 1024", "MAX_HEAD = 32 * 1024 * 1024"),),
        "tests/integration/server/test_http.py -k endless_headers",
    ),
)

ANSWERS = (
    Mutant(
        "forged_claims_are_believed",
        (
            Change(
                _CLAIMS,
                "    if not is_ours(key, head.id, claim):\n        return Finding.FORGED\n",
                "",
            ),
        ),
        "tests/integration/server/test_claims.py -k wrong_seal",
    ),
    Mutant(
        "seals_are_not_compared",
        (Change(_CLAIMS, "is_place(cursor) and is_sealed(key, space_id, cursor)", "is_place(cursor)"),),
        "tests/integration/server/test_claims.py -k wrong_seal",
    ),
    Mutant(
        "more_answers_than_changes_are_believed",
        (Change(_GUARDS, "answered > sent", "False"),),
        f"{_ENGINE} -k other_answers",
    ),
    Mutant(
        "fewer_answers_than_changes_are_believed",
        (Change(_GUARDS, "answered < sent", "False"),),
        f"{_ENGINE} -k other_answers",
    ),
    Mutant(
        "the_server_is_asked_earlier_than_it_said",
        (Change(_RETRY, "round(error.retry_after * SECOND_MS) + _spread", "0 * error.retry_after + _spread"),),
        f"{_SYNCING} -k earlier_than_it_said",
    ),
    Mutant(
        "laptops_that_failed_together_come_back_together",
        (
            Change(
                _RETRY,
                'return milliseconds // 2 + milliseconds * int.from_bytes(chance.bytes(2), "big") // 0xFFFF',
                "return milliseconds if chance else 0",
            ),
        ),
        f"{_SYNCING} -k delays_grow",
    ),
    Mutant(
        "a_silent_line_is_waited_for_for_ever",
        (Change(_CONNECTION, "timeout = (_CONNECT_S, _STALL_S)", "timeout = (_CONNECT_S, 60.0)"),),
        f"{_LINE} -k nothing_moves",
    ),
)

ON_DISK = (
    Mutant(
        "files_with_secrets_may_be_open_to_others",
        (
            Change(
                _SETTINGS,
                'stat.S_IMODE(path.stat().st_mode) & 0o077:\n        raise TooOpen(f"chmod go-rwx {path}")\n'
                '    return path.read_text("utf-8").strip()',
                'not path:\n        raise TooOpen(f"chmod go-rwx {path}")\n    return path.read_text("utf-8").strip()',
            ),
        ),
        "tests/contract/test_folder_depot.py -k kept_for_this_account_alone",
    ),
    Mutant(
        "the_servers_secrets_may_be_open_to_others",
        (Change(_SETTINGS, "if stat.S_IMODE(each.stat().st_mode) & 0o077:", "if not each:"),),
        f"{_SECRETS} -k refuses",
    ),
    Mutant(
        "secrets_are_written_for_everybody",
        (
            Change(
                _SETTINGS,
                "handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)",
                "handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)",
            ),
        ),
        f"{_SECRETS} -k account_alone",
    ),
    Mutant(
        "a_damaged_backup_is_numbered",
        (Change(_BACKUPS, "    if found != head.checksum:\n", "    if False:\n"),),
        f"{_BACKED} -k do_not_fit",
    ),
    Mutant(
        "pages_of_a_backup_are_not_looked_at",
        (
            Change(
                "sync/server/storage/sqlite.py",
                '    if said != ["ok"]:\n',
                "    if not said:\n",
            ),
        ),
        f"{_BACKED} -k damaged_index",
    ),
    Mutant(
        "files_of_a_backup_are_not_looked_at",
        (Change(_BACKUPS, "            if not self._is_there(sha256, size):\n", "            if size < 0:\n"),),
        "tests/integration/server/test_files.py -k damaged_or_missing",
    ),
    Mutant(
        "the_backup_of_another_server_is_restored",
        (
            Change(
                "sync/server/cli/keeping.py", "if backups.server_of(asked.file) != secrets.server:", "if not secrets:"
            ),
        ),
        "tests/integration/server/test_keeping.py -k put_only_where",
    ),
    Mutant(
        "numbers_of_certificates_can_be_worked_out",
        (
            Change(
                "sync/server/issuing/awarding.py",
                "drawn = hmac.digest(secret, ",
                'drawn = hmac.digest(b"" and secret, ',
            ),
        ),
        "tests/integration/server/test_awarding.py -k foreseen",
    ),
)

PROTECTED = LOGINS + BOUNDS + ANSWERS + ON_DISK
