#!/bin/sh
# Makes everything that `make run` and `make test` need, and nothing twice:
# system libraries (Debian), .venv, the locked packages, the commands spoc and spoc-server.
# `tools/setup.sh test` adds what only the tests need. A second run with nothing to do takes some milliseconds.
set -eu
cd "$(dirname "$0")/.."

PYTHON=${PYTHON:-python3}
VENV=.venv
STAMP=$VENV/.installed
LISTS=packaging/linux/debian-packages.txt
TEST_STAMP=
if [ "${1:-}" = test ]; then
    TEST_STAMP=$STAMP-test
    LISTS="$LISTS packaging/linux/debian-packages-test.txt"
fi

say() { printf '%s\n' "$@"; }

stop() {
    say "" "$@" >&2
    exit 1
}

fingerprint() {
    cat requirements.lock pyproject.toml packaging/linux/debian-packages*.txt tools/setup.sh | sha256sum | cut -d' ' -f1
}

missing_packages() {
    command -v dpkg-query >/dev/null || return 0
    "$PYTHON" -c 'import ensurepip' 2>/dev/null || printf 'python3-venv '
    wanted=$(sed -e 's/#.*//' -e 's/ .*//' $LISTS)
    present=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p')
    for package in $wanted; do
        printf '%s\n' "$present" | grep -qx "$package" || printf '%s ' "$package"
    done
}

install_system_packages() {
    missing=$(missing_packages)
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" = 0 ]; then
        as_root=""
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        as_root="sudo"
    else
        stop "Some system libraries are missing, and this account may not install them. Nothing was changed." \
            "Type this line, then start again:" "" \
            "  $(command -v sudo >/dev/null && echo sudo sh || echo su) -c 'apt-get update && apt-get install -y --no-install-recommends ${missing% }'"
    fi
    say "Installing system libraries: ${missing% }"
    log=$(mktemp)
    if ! { $as_root apt-get update && $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        stop "The system libraries could not be installed (see above; the whole log is $log)."
    fi
    rm -f "$log"
}

install_python_packages() {
    "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        stop "Python 3.11 or newer is needed; $PYTHON is $("$PYTHON" -V 2>&1). Type: PYTHON=python3.11 make run"
    if ! "$VENV/bin/python" -m pip --version >/dev/null 2>&1; then
        say "Making $VENV"
        "$PYTHON" -m venv --clear "$VENV"
    fi
    say "Installing the locked Python packages"
    "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
        --require-hashes --only-binary :all: -r requirements.lock ||
        stop "The Python packages could not be installed. What was there is unchanged; start again when the network is back."
    # The commands `spoc` and `spoc-server` run this checkout as it stands; nothing is copied, nothing is fetched.
    "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
        --no-deps --no-build-isolation --editable . ||
        stop "The commands spoc and spoc-server could not be made (see above)."
}

is_fresh() {
    [ -e "$1" ] && [ "$(cat "$1")" = "$(fingerprint)" ]
}

if ! is_fresh "${TEST_STAMP:-$STAMP}"; then
    install_system_packages
    is_fresh "$STAMP" || install_python_packages
    for stamp in "$STAMP" $TEST_STAMP; do fingerprint >"$stamp"; done
fi
