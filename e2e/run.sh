#!/usr/bin/env bash
# Runs the end-to-end tests in a network of their own: the emulator listens on every interface.
set -euo pipefail
cd "$(dirname "$0")/.."
cache=${E2E_CACHE:-.e2e}
emulator=local-slack-linux-x64
version=0.1.8
binary=$cache/$emulator-$version/package/bin/local-slack
if [ ! -x "$binary" ]; then
    mkdir -p "$cache/$emulator-$version"
    (cd "$cache/$emulator-$version" && npm pack --silent "$emulator@$version" && tar xzf ./*.tgz)
    chmod +x "$binary"
fi
command -v chromium >/dev/null || { echo "needs chromium: apt-get install chromium" >&2; exit 1; }
export LOCAL_SLACK=$PWD/$binary
exec unshare --map-root-user --net sh -c 'ip link set lo up && exec "$@"' sh .venv/bin/python -m pytest e2e "$@"
