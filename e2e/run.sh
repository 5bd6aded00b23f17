#!/usr/bin/env bash
# Runs the end-to-end tests in a network of their own: the emulator listens on every interface.
set -euo pipefail
cd "$(dirname "$0")/.."
export LOCAL_SLACK=$PWD/e2e/node_modules/local-slack-linux-x64/bin/local-slack
command -v chromium >/dev/null || { echo "needs chromium: apt-get install chromium" >&2; exit 1; }
exec unshare --map-root-user --net sh -c 'ip link set lo up && exec "$@"' sh .venv/bin/python -m pytest e2e "$@"
