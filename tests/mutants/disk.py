"""The disk at its worst: backups, damaged files, restores, power cuts."""

from tests.mutants.mutant import Change, Mutant

BACKUP = "spoc_desktop/storage/backup.py"
RESTORING = "spoc_desktop/storage/restoring.py"
SALVAGE = "spoc_desktop/storage/salvage.py"
RAW_PAGES = "spoc_desktop/storage/raw_pages.py"
RAW_ROWS = "spoc_desktop/storage/raw_rows.py"
STORE = "spoc_desktop/storage/store.py"
LOCAL_ENGINE = "spoc_desktop/storage/engine.py"
ON_DISK = "spoc_desktop/storage/disk.py"
CARE = "spoc_desktop/services/care.py"

_BACKUPS = "tests/unit/storage/test_backup.py"
_DAMAGED = "tests/faults/test_damaged_store.py"
_HELD = "tests/faults/test_full_and_held_disks.py"
_ENDED = "tests/faults/test_ended_services.py"

DISK = (
    Mutant(
        "backup_keeps_the_writer",
        (Change(BACKUP, "                meta.put_writer(transaction, writer_file.fresh_writer())\n", ""),),
        f"{_BACKUPS} -k by_hand",
    ),
    Mutant(
        "backup_keeps_the_login",
        (Change(BACKUP, '                meta.put(transaction, "login", None)\n', ""),),
        f"{_BACKUPS} -k no_login",
    ),
    Mutant(
        "backup_goes_on_changing",
        (Change(STORE, "        self.count_as_left()\n        copies.make(", "        copies.make("),),
        f"{_BACKUPS} -k not_changed_under_its_name",
    ),
    Mutant(
        "backups_in_the_order_of_the_clock",
        (Change(BACKUP, 'f"{self._next():06}-{day}.db"', 'f"{day[:4]}00-{day}.db"'),),
        f"{_BACKUPS} -k clock",
    ),
    Mutant(
        "backups_for_ever",
        (Change(BACKUP, "        self._thin()\n        return made", "        return made"),),
        f"{_BACKUPS} -k seven",
    ),
    Mutant(
        "damage_in_use_is_forgotten",
        (
            Change(
                LOCAL_ENGINE, "                suspect_file(self.path).touch(mode=0o600)\n", "                pass\n"
            ),
        ),
        f"{_DAMAGED} -k 300",
    ),
    Mutant(
        "damaged_file_is_written_over",
        (Change(RESTORING, "            if damaged.exists():\n", "            if damaged.exists() and suffix:\n"),),
        f"{_DAMAGED} -k noise",
    ),
    Mutant(
        "log_of_the_damaged_file_stays",
        (Change(RESTORING, 'for suffix in ("", *_LOG_SUFFIXES):', 'for suffix in ("",):'),),
        f"{_DAMAGED} -k killed_program",
    ),
    Mutant(
        "restore_without_the_unsent",
        (Change(RESTORING, "    salvage.put_in(transaction, saved)\n", ""),),
        f"{_DAMAGED} -k login_and_the_draft",
    ),
    Mutant(
        "restore_with_the_old_login",
        (Change(RESTORING, '    meta.put(transaction, "login", saved.login)\n', ""),),
        f"{_DAMAGED} -k login_and_the_draft",
    ),
    Mutant(
        "restored_lists_not_worked_out",
        (Change(RESTORING, '    transaction.run("DELETE FROM projection")\n', ""),),
        f"{_DAMAGED} -k login_and_the_draft",
    ),
    Mutant(
        "damaged_backup_believed",
        (Change(RESTORING, "                database.check()\n", "                pass\n"),),
        f"{_DAMAGED} -k passed_over",
    ),
    Mutant(
        "salvage_of_long_texts_cut",
        (Change(RAW_ROWS, "    while len(content) < size:\n", "    while False:\n"),),
        f"{_DAMAGED} -k 300",
    ),
    Mutant(
        "salt_not_tried",
        (Change(RAW_PAGES, "range(_SALT * 8)", "range(0)"),),
        f"{_DAMAGED} -k salt",
    ),
    Mutant(
        "pages_believed_without_their_seal",
        (Change(RAW_PAGES, "    if not _is_sealed(page, number, seal):\n        return None\n", ""),),
        f"{_DAMAGED} -k 300",
    ),
    Mutant(
        "salvage_without_the_log",
        (Change(RAW_PAGES, '    sealed |= _logged(path.with_name(path.name + "-wal"))\n', ""),),
        f"{_DAMAGED} -k killed_program",
    ),
    Mutant(
        "restored_at_the_start_without_a_word",
        (Change("spoc_desktop/services/accounts.py", ".open(), repairs=False)", ".open())"),),
        "tests/ui/pages/test_sign_in.py -k damaged_file",
    ),
    Mutant(
        "commits_not_synced",
        (Change(LOCAL_ENGINE, '"synchronous = FULL"', '"synchronous = NORMAL"'),),
        "tests/faults/test_power_loss.py",
    ),
    Mutant(
        "half_folded_log_taken_for_damage",
        (
            Change(
                LOCAL_ENGINE, '            self._writer.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").all()\n', ""
            ),
        ),
        "tests/faults/test_power_loss.py",
    ),
    Mutant(
        "restored_file_goes_on_without_its_log",
        (Change(RESTORING, "            database.check()\n        disk.sync_file", "        disk.sync_file"),),
        f"{_ENDED} -k restore",
    ),
    Mutant(
        "cut_restore_is_not_ended",
        (Change(CARE, "    restoring.finish(path)\n", ""),),
        f"{_ENDED} -k restore",
    ),
    Mutant(
        "restore_takes_the_place_before_it_is_ready",
        (Change(RESTORING, 'ready = path.with_name(f"{path.name}{_READY}{stamp}")', "ready = path"),),
        f"{_ENDED} -k restore",
    ),
    Mutant(
        "files_of_a_cut_import_stay",
        (
            Change(
                "spoc_desktop/storage/sync_store.py",
                "                files.sweep([*file_index.named(transaction), *wished(transaction)])\n",
                "                pass\n",
            ),
        ),
        f"{_ENDED} -k import",
    ),
    Mutant(
        "export_written_in_place",
        (
            Change(
                "spoc_desktop/interchange/course_folder_writing.py",
                'half = folder.with_name(f".{folder.name}.part")',
                "half = folder",
            ),
        ),
        f"{_ENDED} -k export",
    ),
    Mutant(
        "backup_has_its_name_too_early",
        (Change(BACKUP, "            self._make_its_own(half, database)\n            disk.sync_file(half)\n", ""),),
        f"{_BACKUPS}",
    ),
    Mutant(
        "half_attachment_stays_on_a_full_disk",
        (Change(ON_DISK, "        fresh.unlink(missing_ok=True)\n", ""),),
        f"{_HELD} -k attachment",
    ),
    Mutant(
        "held_name_not_waited_for",
        (Change(ON_DISK, "RENAME_TRIES: Final = 6", "RENAME_TRIES: Final = 1"),),
        f"{_HELD} -k moment",
    ),
    Mutant(
        "read_only_called_full",
        (
            Change(
                ON_DISK,
                "_NOT_ALLOWED: Final = {errno.EACCES, errno.EPERM, errno.EROFS}",
                "_NOT_ALLOWED: Final = {errno.EACCES}",
            ),
        ),
        f"{_HELD} -k read_only_disk",
    ),
    Mutant(
        "newer_data_opened_all_the_same",
        (
            Change(
                LOCAL_ENGINE,
                "    if version > schema.VERSION:\n        raise",
                "    if version > schema.VERSION + 1:\n        raise",
            ),
        ),
        f"{_HELD} -k version_1_4",
    ),
    Mutant(
        "full_disk_in_a_sync_speaks_of_the_screen",
        (
            Change(
                "spoc_desktop/services/sentences.py",
                "    if isinstance(error, storage.DiskFull):\n        paused",
                "    if False:\n        paused",
            ),
        ),
        f"{_HELD} -k one_breath",
    ),
)
