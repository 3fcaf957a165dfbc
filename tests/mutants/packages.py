"""Courses, packages and pictures from elsewhere."""

from tests.mutants.mutant import Change, Mutant

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
